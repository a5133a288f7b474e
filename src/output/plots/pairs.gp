# Mutual information of all pairs of pixels, as a matrix. In this folder: gnuplot pairs.gp
load 'style.gp'
stats 'pairs.csv' using (column('mutual_information_bits')) name 'I' nooutput
eval from_pale
unset grid
unset key
unset border
set tics scale 0
set size ratio -1
set object 1 rectangle from graph 0,0 to graph 1,1 fillstyle solid noborder fillcolor rgb '#c8c8c8' behind
set title 'Mutual information of pixels i and j'
set xlabel 'pixel j'
set ylabel 'pixel i'
set cblabel 'I(i:j) (bits)'

# Where few pairs have most of it the colours go by quantile, from 0 over the quartiles to the largest value.
set cbrange [0:top_of(I_max)]
q(v) = v
quantiles = 0
if (I_max > 1e-9) {
    stats 'pairs.csv' using (column('mutual_information_bits') > 1e-9 ? column('mutual_information_bits') : NaN) name 'Q' nooutput
    if (Q_records > 8 && Q_max > 4 * Q_up_quartile) {
        part(v, a, b, t) = b > a ? t + 0.25 * (v - a) / (b - a) : t
        q(v) = !(v > 0) ? v * 0 : v <= Q_lo_quartile ? part(v, 0, Q_lo_quartile, 0) : v <= Q_median ? part(v, Q_lo_quartile, Q_median, 0.25) : \
            v <= Q_up_quartile ? part(v, Q_median, Q_up_quartile, 0.5) : part(v, Q_up_quartile, Q_max, 0.75)
        set cbrange [0:1]
        array quartile[4] = [Q_lo_quartile, Q_median, Q_up_quartile, Q_max]
        set cbtics ('0' 0)
        before = ''
        do for [k = 1:4] { # equal ones have the colour of the first
            said = sprintf('%.2g', quartile[k])
            if (said ne before) { set cbtics add (said 0.25 * k) }
            before = said
        }
        set cblabel 'I(i:j) (bits), by quantile'
        quantiles = 1 # longer numbers beside the bar
    }
}

M = words(chosen)
set xrange [-0.5:M-0.5]
set yrange [M-0.5:-0.5]
unset datafile columnheaders # mutual_information.csv has none
do for [format in formats] {
    eval start(format, 'pairs', 660, 600)
    if (quantiles) { set rmargin at screen (format eq 'narrow' ? 0.7 : 0.8) }
    set xtics () # the numbers of the pixels
    set ytics ()
    do for [k = 0:M-1:int(ceil(M/(marks(format)*(N > 99 && format eq 'narrow' ? 0.5 : 1))))] {
        set xtics add (word(chosen, k+1) k)
        set ytics add (word(chosen, k+1) k)
    }
    if (M <= 24) { # sharp cells; more would make a large file
        plot 'mutual_information.csv' matrix using 1:2:(q($3)) notitle with image pixels
    } else {
        plot 'mutual_information.csv' matrix using 1:2:(q($3)) notitle with image
    }
    unset output
}
