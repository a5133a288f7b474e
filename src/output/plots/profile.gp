# Entropy of the first k @WHAT@. In this folder: gnuplot @NAME@.gp
load 'style.gp'
name = '@NAME@'
stats '@NAME@.csv' using (column('entropy_bits')) name 'S' nooutput
set title 'Entropy of the first k @WHAT@'
set xlabel 'k (@WHAT@ kept)'
set ylabel 'S (bits)'

# k follows from the number of pixels: some cuts may have been left out
side = name eq 'rows' ? Lx : Ly
pixels = name eq 'prefixes' ? 1 : kind eq 'links' ? 2 * side - (torus ? 0 : 1) : side
last = name eq 'prefixes' ? N - 1 : name eq 'rows' ? Ly - 1 : Lx - 1
k(na) = na * 1.0 / pixels
least(a, b) = a < b ? a : b
possible(i) = least(word(most_@NAME@, int(i)+1)+0, log(least(column('classes_a'), column('classes_b'))) / log(2))

set xrange [0.5:last+0.5]
stats '@NAME@.csv' using (possible(column(0))) name 'P' nooutput
set yrange [0:1.05*top_of(P_max > S_max ? P_max : S_max)]
set key above left Left reverse samplen 3

# the line is drawn only when no cut was left out
do for [format in formats] {
    eval start(format, '@NAME@', 660, 420)
    unset tmargin
    set xtics 1,ceil(last/marks(format))
    plot '@NAME@.csv' using (k(column('na'))):(possible(column(0))) with lines dashtype 2 linewidth 1.5 linecolor rgb grey \
            title 'largest possible', \
        '' using (S_records == last ? k(column('na')) : NaN):(column('entropy_bits')) with lines linewidth 2 linecolor rgb blue \
            title S_records > 200 ? 'S' : '', \
        for [once in (S_records > 200 && S_records == last ? '' : 'once')] '' using (k(column('na'))):(column('entropy_bits')) with points pointtype 7 \
            pointsize (S_records > 40 ? 0.5 : 0.9) linecolor rgb blue title 'S'
    unset output
}
