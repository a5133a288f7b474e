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
set xrange [0:S_max_x+1]
set yrange [0:1.1*top_of(S_max_y)]
set xtics 0,ceil((S_max_x+1)/16.0)
unset key

do for [format in 'svg png'] {
    eval start(format, '@NAME@', 660, 460)
    plot '@NAME@.csv' using (column('boundary')):(column('entropy_bits')) \
            notitle with points pointtype 7 pointsize 1.15 linecolor rgb frame, \
        '' using (column('boundary')):(column('entropy_bits')):(smaller(column('na'))) \
            notitle with points pointtype 7 pointsize 0.9 linecolor palette
    unset output
}
