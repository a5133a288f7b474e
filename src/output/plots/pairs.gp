# Mutual information of all pairs of pixels, as a matrix. In this folder: gnuplot pairs.gp
load 'style.gp'
stats 'pairs.csv' using (column('mutual_information_bits')) name 'I' nooutput
unset datafile columnheaders # mutual_information.csv has none
eval from_pale
unset grid
unset key
unset border
set tics scale 0
set size ratio -1
set cbrange [0:top_of(I_max)]
set xrange [-0.5:N-0.5]
set yrange [N-0.5:-0.5]
set object 1 rectangle from graph 0,0 to graph 1,1 fillstyle solid noborder fillcolor rgb '#c8c8c8' behind
set title 'Mutual information of pixels i and j'
set xlabel 'pixel j'
set ylabel 'pixel i'
set cblabel 'I(i:j) (bits)'

do for [format in formats] {
    eval start(format, 'pairs', 660, 600)
    set xtics 0,ceil(N/marks(format)),N-1
    set ytics 0,ceil(N/marks(format)),N-1
    if (N <= 24) { # sharp cells; more would make a large file
        plot 'mutual_information.csv' matrix notitle with image pixels
    } else {
        plot 'mutual_information.csv' matrix notitle with image
    }
    unset output
}
