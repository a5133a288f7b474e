# Entropy of every @WHAT@ against its boundary, on a chain against its length. In this folder: gnuplot @NAME@.gp
load 'style.gp'
if (!alone) {
    table = '@NAME@.csv'
    smaller(na) = na < N - na ? na : N - na
    across(i) = kind eq 'chain' ? smaller(column('na')) : column('boundary')
    height_of(i) = column('entropy_bits')
    shade(i) = kind eq 'chain' ? column('boundary') : smaller(column('na'))
    set title kind eq 'chain' ? 'Every block: entropy and length' : 'Every @WHAT@: entropy and boundary'
    set xlabel kind eq 'chain' ? 'length of the block (pixels on the smaller side)' : 'boundary length L_{AB} (bonds cut)'
    set ylabel 'S (bits)'
    set cblabel kind eq 'chain' ? 'bonds cut' : 'pixels on the smaller side'
    barred = 0 # errors that can be seen
    whole = 1 # numbers on the horizontal axis
    rounding = 1e-9
}
with_law = !alone && kind eq 'chain' && has_law # that of the blocks that begin at the first pixel
stats table using (shade(0)) name 'A' nooutput
stats table using (across(0)):(height_of(0)) name 'S' nooutput
one_size = A_min == A_max
if (one_size) { unset colorbox }
set cbrange [(one_size ? A_min - 1 : A_min):(one_size ? A_max + 1 : A_max)]
if (A_max > 1.5) { set cbtics ceil((A_max-A_min+1)/12.0) }
longest = whole ? int(S_max_x) : 0 # lengths are counted where they are whole
if (whole) { set xrange [(S_min_x < 2 ? -0.5 : S_min_x-1):longest+1] }
top = S_max_y
if (barred) {
    stats table using (height_of(0) + column('err')) name 'E' nooutput
    top = E_max > top ? E_max : top
}
bottom = S_min_y < 0 ? 1.08*S_min_y : 0
top = 1.08*end_of(top, S_min_y)
set yrange [bottom:top]
unset key

# A grey box from the lower to the upper quartile of a length, a line at the median, where there are enough cuts for that.
enough = 8
array cuts[longest+1]
do for [k = 1:longest+1] { cuts[k] = 0 }
if (whole) { stats table using (cuts[int(across(0))+1] = cuts[int(across(0))+1] + 1) nooutput }
gap = longest + 1 # the smallest one between lengths that occur
last = 0
do for [k = 1:longest+1] {
    gap = cuts[k] && last && k - last < gap ? k - last : gap
    last = cuts[k] ? k : last
}
gap = last && gap <= longest ? gap : 1
do for [k = 1:longest+1] {
    if (cuts[k] >= enough) {
        stats table using (int(across(0)) == k-1 ? height_of(0) : NaN) name 'Q' nooutput
        set object k rectangle from k-1-0.42*gap,Q_lo_quartile to k-1+0.42*gap,Q_up_quartile back \
            fillstyle solid noborder fillcolor rgb ground
        set arrow k from k-1-0.42*gap,Q_median to k-1+0.42*gap,Q_median nohead back linewidth 2 linecolor rgb grey
    }
}

# The more cuts the smaller the points; every seventh point at a time, so that no size hides the others.
lane(i) = across(i)
lanes = longest + 1
if (whole) { eval stand_aside }
way_of(i) = whole ? moved[int(i)+1] : 0
size = S_records > 2000 ? 0.28 : S_records > 400 ? 0.38 : S_records > 60 ? 0.55 : 0.9

do for [format in formats] {
    eval start(format, '@NAME@', 660, 460)
    if (whole) { set xtics 0,ceil((longest+1)/marks(format)) }
    plot for [k = 0:6] table every 7::k \
        using (across(0) + way_of(column(0) * 7 + k)):(height_of(0)):(shade(0)) \
        notitle with points pointtype 7 pointsize size * (format eq 'narrow' ? 0.8 : 1) linecolor palette, \
        for [once in (barred ? 'once' : '')] table using (across(0) + way_of(column(0))):(height_of(0)-column('err')):(0):(2*column('err')) \
        notitle with vectors nohead linewidth 1.5 linecolor rgb grey, \
        for [once in (with_law ? 'once' : '')] 'law.csv' using (column('min_side')):(column('fit_bits')) smooth unique \
        notitle with lines linewidth 2 linecolor rgb '#d55e00'
    unset output
}
