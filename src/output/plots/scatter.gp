# Entropy of every @WHAT@ against its boundary. In this folder: gnuplot @NAME@.gp
load 'style.gp'
smaller(na) = na < N - na ? na : N - na
stats '@NAME@.csv' using (smaller(column('na'))) name 'A' nooutput
stats '@NAME@.csv' using (column('boundary')):(column('entropy_bits')) name 'S' nooutput
set title 'Every @WHAT@: entropy and boundary'
set xlabel 'boundary length L_{AB} (bonds cut)'
set ylabel 'S (bits)'
set cblabel 'pixels on the smaller side'
one_size = A_min == A_max
set cbrange [(one_size ? A_min - 1 : A_min):(one_size ? A_max + 1 : A_max)]
set cbtics ceil((A_max-A_min+1)/12.0)
longest = int(S_max_x)
set xrange [-0.5:longest+1]
set yrange [0:1.08*top_of(S_max_y)]
unset key

# A grey box from the lower to the upper quartile of a length, a line at the median, where there are enough cuts for that.
enough = 8
array cuts[longest+1]
do for [k = 1:longest+1] { cuts[k] = 0 }
stats '@NAME@.csv' using (cuts[int(column('boundary'))+1] = cuts[int(column('boundary'))+1] + 1) nooutput
most = 0
do for [k = 1:longest+1] {
    most = cuts[k] > most ? cuts[k] : most
    if (cuts[k] >= enough) {
        stats '@NAME@.csv' using (int(column('boundary')) == k-1 ? column('entropy_bits') : NaN) name 'Q' nooutput
        set object k rectangle from k-1.42,Q_lo_quartile to k-0.58,Q_up_quartile back \
            fillstyle solid noborder fillcolor rgb ground
        set arrow k from k-1.42,Q_median to k-0.58,Q_median nohead back linewidth 2 linecolor rgb grey
    }
}

# Points of a length stand side by side, the more cuts the wider and the smaller; every seventh point at a time, so that no size hides
# the others.
width_of(l) = cuts[int(l)+1] < 3 ? 0 : cuts[int(l)+1] < 20 ? 0.4 : 0.76
size = S_records > 2000 ? 0.28 : S_records > 400 ? 0.38 : S_records > 60 ? 0.55 : 0.9

do for [format in formats] {
    eval start(format, '@NAME@', 660, 460)
    set xtics 0,ceil((longest+1)/marks(format))
    plot for [k = 0:6] '@NAME@.csv' every 7::k \
        using (column('boundary') + width_of(column('boundary')) * aside(column(0) * 7 + k)):(column('entropy_bits')):(smaller(column('na'))) \
        notitle with points pointtype 7 pointsize size * (format eq 'narrow' ? 0.8 : 1) linecolor palette
    unset output
}
