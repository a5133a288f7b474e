# Entanglement spectrum of the half cut. In this folder: gnuplot spectrum.gp
load 'style.gp'
stats 'spectrum.csv' using (column('last')):(column('minus_log2_bits')) name 'E' nooutput
set title 'Entanglement spectrum of the half cut'
set xlabel 'number of the eigenvalue of ρ_A, largest first'
set ylabel '-log_2 eigenvalue (bits)'
set xrange [0:E_max_x+1]
set yrange [0:1.1*top_of(E_max_y)]
unset key
step = E_records > 4000 ? ceil(E_records/4000.0) : 1 # keeps the picture small

do for [format in formats] {
    eval start(format, 'spectrum', 660, 420)
    plot 'spectrum.csv' every step using (column('first')-0.4):(column('minus_log2_bits')):(column('last')-column('first')+0.8):(0) \
            notitle with vectors nohead linewidth 3 linecolor rgb blue, \
        '' every step using (column('multiplicity') == 1 ? column('first') : NaN):(column('minus_log2_bits')) \
            notitle with points pointtype 7 pointsize (E_records > 100 ? 0.3 : 0.7) linecolor rgb blue
    unset output
}
