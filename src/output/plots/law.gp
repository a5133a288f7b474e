# The cuts of the verdict: their entropies, what the law says, and what it leaves over. In this folder: gnuplot law.gp
load 'style.gp'
if (!alone) { table = 'law.csv' }
stats table using (column('axis')):(column('entropy_bits')) name 'S' nooutput
stats table using (column('min_side')) name 'A' nooutput
fitted = strlen(law_model) > 0
shapes = law_model eq 'corners' # more than one variable: the entropy against its fitted value
stats table using (column('entropy_err')) name 'E' nooutput
barred = E_max > 0.0025 * S_max_y # an error that can be seen
stats table using (column('entropy_bits') + (barred ? column('entropy_err') : 0)) name 'U' nooutput
reach = 0 # of the residuals
if (fitted) {
    stats table using (column('fit_bits')):(column('residual_bits')) name 'F' nooutput
    reach = 1.1 * (abs(F_max_y) > abs(F_min_y) ? abs(F_max_y) : abs(F_min_y))
}
residuals = reach > 1e-9 # below that it is rounding
power = residuals ? 10**floor(log10(reach)) : 1
step = reach / power > 4 ? 4 * power : reach / power > 2 ? 2 * power : power
set title law_headline noenhanced
least = shapes ? F_min_x : 0
most = shapes ? F_max_x : S_max_x
room = 0.03 * (most - least) + (shapes ? 1e-3 : 0.5)
set xrange [least-room:most+room]
top = 1.08 * top_of(U_max)
set yrange [0:top]
set ylabel 'S (bits)'
set cblabel 'pixels on the smaller side'
one_size = A_min == A_max
if (one_size) { unset colorbox }
set cbrange [(one_size ? A_min - 1 : A_min):(one_size ? A_max + 1 : A_max)]
set cbtics ceil((A_max-A_min+1)/(residuals ? 6.0 : 12.0))
set key above left Left reverse samplen 2

# what is proved: the largest ceiling of the cuts at each place of the axis
places = int(S_max_x + 0.5) + 1
array ceiling[places]
do for [k = 1:places] { ceiling[k] = 0 }
place(x) = int(x + 0.5) + 1
higher(k, c) = ceiling[k] > c ? ceiling[k] : c
stats table using (ceiling[place(column('axis'))] = higher(place(column('axis')), column('ceiling_bits'))) nooutput
has_ceiling = 0
if (!shapes && law_model ne 'log') {
    do for [k = 1:places] { has_ceiling = has_ceiling || (ceiling[k] > 0 && ceiling[k] <= top) }
}

lane(i) = column('axis')
height_of(i) = column('entropy_bits')
lanes = places
bottom = 0
gap = 1
counted = !shapes && law_model ne 'log' # whole numbers on the axis
if (counted) { eval stand_aside }
size = S_records > 2000 ? 0.28 : S_records > 400 ? 0.38 : S_records > 60 ? 0.55 : 0.9
across(axis, fit, i) = shapes ? fit : axis + (counted ? moved[int(i)+1] : 0)
fit_of(i) = fitted ? column('fit_bits') : NaN

do for [format in formats] {
    eval start(format, 'law', 660, residuals ? 580 : 460)
    unset tmargin
    set xtics auto
    tiny = size * (format eq 'narrow' ? 0.8 : 1)
    if (residuals) {
        set multiplot
        set lmargin at screen (format eq 'narrow' ? 0.17 : 0.12)
        set rmargin at screen (format eq 'narrow' ? 0.78 : 0.86)
        set bmargin at screen 0.37
        set format x ''
        unset xlabel
    } else {
        set xlabel (shapes && format eq 'narrow' ? 'the law (bits)' : law_axis)
    }
    plot sample [1:places:1] '+' using (has_ceiling && ceiling[int($1+0.5)] > 0 ? $1-1.45 : NaN):(has_ceiling ? ceiling[int($1+0.5)] : NaN):(0.9):(0) \
            with vectors nohead dashtype 2 linewidth 1.5 linecolor rgb grey title (has_ceiling ? 'proved: S is not larger' : ''), \
        for [k = 0:6] table every 7::k \
            using (across(column('axis'), fit_of(0), column(0) * 7 + k)):(column('entropy_bits')):(column('min_side')) \
            notitle with points pointtype 7 pointsize tiny linecolor palette, \
        table using (barred ? across(column('axis'), fit_of(0), column(0)) : NaN):(column('entropy_bits')-column('entropy_err')):(0):(2*column('entropy_err')) \
            notitle with vectors nohead linewidth 1.5 linecolor rgb grey, \
        table using (fitted ? (shapes ? column('fit_bits') : column('axis')) : NaN):(fit_of(0)) \
            smooth unique with lines linewidth 2 linecolor rgb '#d55e00' title (fitted ? law_formula : '')
    if (residuals) {
        set tmargin at screen 0.33
        set bmargin at screen (format eq 'narrow' ? 0.16 : alone || format eq 'png' ? 0.15 : 0.11)
        unset title
        unset label 99
        unset colorbox
        unset key
        set format x '%g'
        set xlabel (shapes && format eq 'narrow' ? 'the law (bits)' : law_axis)
        set ylabel 'S - law (bits)'
        set yrange [-reach:reach]
        set ytics -step,step
        plot for [k = 0:6] table every 7::k \
                using (across(column('axis'), fit_of(0), column(0) * 7 + k)):(column('residual_bits')):(column('min_side')) \
                notitle with points pointtype 7 pointsize tiny linecolor palette, \
            0 notitle with lines linewidth 1.5 linecolor rgb '#d55e00'
        unset multiplot
        if (!one_size) { set colorbox }
        set key above left Left reverse samplen 2
        set ytics auto
        set yrange [0:top]
        set ylabel 'S (bits)'
        unset tmargin
        set bmargin 3.5
    }
    unset output
}
