# Left: against the size of the networks, one curve a depth; right: against the claim, with the fits. Both have one vertical axis.
set datafile separator whitespace
unset datafile columnheaders
array colour[7] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']
tallest = 0 # with its bar
do for [i = 0:curves-1] {
    stats data index i using ($3 + $4) name 'T' nooutput
    tallest = T_max > tallest ? T_max : tallest
}
# Curves stand beside each other, so that no bar hides another one.
aside_of(i) = i - (curves - 1) / 2.0
beside(x, i) = log_size ? x * 1.06**aside_of(i) : x + 0.012 * largest * aside_of(i)
spread = curves > 1 ? 1.06**(0.5 * curves) : 1
known(v) = v == v
set yrange [0:1.05*top_of(tallest)]
unset title

do for [format in 'svg png'] {
    eval start(format, 'expressivity', 1000, 480)
    set multiplot
    set ylabel 'S/L (bits per bond)'
    set tmargin at screen 0.8
    set bmargin at screen 0.16
    set lmargin at screen 0.095
    set rmargin at screen 0.49
    set key at screen 0.095,0.98 left top Left reverse noenhanced samplen 2 maxrows 3 width 1
    set xlabel size_label.' (bars: standard error over the seeds)' noenhanced
    if (log_size) {
        set logscale x 2
        set xrange [smallest/1.15/spread:largest*1.15*spread]
    } else {
        set xrange [-0.06*largest:1.06*largest]
    }
    plot for [i = 0:curves-1] data index i using (beside($1, i)):3 with lines linewidth 1 linecolor rgb colour[i%7+1] notitle, \
        for [i = 0:curves-1] data index i using (beside($1, i)):3:4 with yerrorbars linewidth 1.5 linecolor rgb colour[i%7+1] \
            pointtype 7+2*(i/7) pointsize 0.9 title columnheader(1)
    unset logscale x
    unset label 99
    unset ylabel # that of the left
    set lmargin at screen 0.56
    set rmargin at screen 0.98
    set key at screen 0.56,0.98 left top Left reverse noenhanced samplen 3 maxrows 3
    set xrange [-0.06*strongest:1.06*strongest]
    set xlabel claim_label enhanced
    plot for [g = 1:groups] origin[g] * x with lines dashtype 2 linewidth 1.5 linecolor rgb frame title g == 1 && known(origin[1]) ? 'least squares, through 0' : '', \
        for [g = 1:groups] line_constant[g] + line_slope[g] * x with lines dashtype 3 linewidth 1.5 linecolor rgb frame \
            title g == 1 && known(line_slope[1]) ? 'and with a constant' : '', \
        for [i = 0:curves-1] data index i using ($2 + 0.018 * strongest * aside_of(i)):3:4 with yerrorbars linewidth 1.5 linecolor rgb colour[i%7+1] \
            pointtype 7+2*(i/7) pointsize 0.9 notitle
    unset multiplot
    unset output
}
