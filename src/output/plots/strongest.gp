# The pairs of pixels that share most, on the lattice, the strongest on top. In this folder: gnuplot strongest.gp
load 'style.gp'
stats 'strongest.csv' using (column('mutual_information_bits')) name 'I' nooutput
last = I_records - 1
# The colour of a pair is the share of pairs that have no more; what its errors do not tell apart has one colour.
array v[last+1]
array err[last+1]
array quantile[last+1]
stats 'strongest.csv' using (k = int(column(0)) + 1, v[k] = column('mutual_information_bits'), err[k] = column('mutual_information_err')) nooutput
quantile[last+1] = 1
do for [k = last:1:-1] { quantile[k] = v[k+1] - v[k] > err[k] + err[k+1] ? (k-1) * 1.0 / last : quantile[k+1] }
eval lattice_picture
eval from_pale
set cbrange [-0.35:1] # the palest colours would not be seen
set colorbox noborder
set cbtics ()
before = ''
place = 2
do for [k = 4:0:-1] { # different numbers
    row = int(last * k / 4.0 + 0.5) + 1
    said = sprintf('%.2g', v[row])
    if (said ne before && quantile[row] < place) { set cbtics add (said quantile[row]) }
    before = said
    place = quantile[row]
}
set title 'Pairs that share most'
set cblabel 'I(i:j) (bits), by quantile'
# Lines over other pixels stand a little beside each other.
far(dx, dy) = sqrt(dx*dx + dy*dy)
over(dx, dy) = far(dx, dy) > 1.5 && (dx == 0 || dy == 0 || abs(dx) == abs(dy))
beside(dx, dy, k) = over(dx, dy) ? 0.3 * aside(k) / far(dx, dy) : 0
thick(format) = (last > 150 ? 1.6 : 2.6) * (format eq 'narrow' ? 0.7 : 1)

half = torus ? 0.5 : 1 # on a torus from both ends: across the edge both halves are seen
do for [format in formats] {
    eval start(format, 'strongest', width, height)
    plot 'sites.csv' using (column('x')):(column('y')) notitle with points pointtype 7 pointsize (N > 200 ? 0.2 : 0.7) \
            linecolor rgb grey, \
        for [end = 0:torus] 'strongest.csv' using \
            ((end ? column('x2') : column('x')) - beside(column('dx'), column('dy'), column(0)) * column('dy')): \
            ((end ? column('y2') : column('y')) + beside(column('dx'), column('dy'), column(0)) * column('dx')): \
            ((end ? -half : half) * column('dx')):((end ? -half : half) * column('dy')):(quantile[int(column(0))+1]) \
            notitle with vectors nohead linewidth thick(format) linecolor palette
    unset output
}
