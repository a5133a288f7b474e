# Mutual information of neighbouring pixels, on the lattice. In this folder: gnuplot bonds.gp
load 'style.gp'
stats 'bonds.csv' using (column('mutual_information_bits')) name 'I' nooutput
eval lattice_picture
eval from_pale
set cbrange [0:top_of(I_max)]
eval few_marks(top_of(I_max))
set title 'Mutual information of neighbours'
set cblabel 'I(i:j) (bits)' offset (kind eq 'chain' ? 0.8 : 0),0

# On a torus each bond is drawn as two halves, one from each end: across the edge both are seen. On a large lattice there is no room for edges.
half = torus ? 0.5 : 1
large = N > 200
thick(format) = large ? 3 : (kind eq 'links' ? 4 : Lx > 9 ? 5 : 8) * (format eq 'narrow' ? 0.6 : 1)
do for [format in formats] {
    eval start(format, 'bonds', width, height)
    if (large) { set object 1 rectangle from -0.5,-0.5 to Lx-0.5,Ly-0.5 behind fillstyle solid noborder fillcolor rgb ground }
    plot for [once in (large ? '' : 'once')] 'sites.csv' using (column('x')):(column('y')):(column('x0')):(column('x1')):(column('y0')):(column('y1')) \
            notitle with boxxyerror fillstyle solid border linecolor rgb (kind eq 'links' ? ground : 'white') fillcolor rgb ground, \
        for [end = 0:(large ? -1 : torus)] 'bonds.csv' using (end ? column('x2') : column('x')):(end ? column('y2') : column('y')): \
            ((end ? -half : half) * column('dx')):((end ? -half : half) * column('dy')) \
            notitle with vectors nohead linewidth thick(format)+2 linecolor rgb frame, \
        for [end = 0:torus] 'bonds.csv' using (end ? column('x2') : column('x')):(end ? column('y2') : column('y')): \
            ((end ? -half : half) * column('dx')):((end ? -half : half) * column('dy')):(column('mutual_information_bits')) \
            notitle with vectors nohead linewidth thick(format) linecolor palette, \
        for [once in (large ? '' : 'once')] 'sites.csv' using (column('x')):(column('y')) notitle with points pointtype 7 pointsize (Lx > 9 ? 0.8 : 1.5) * (format eq 'narrow' ? 0.6 : 1) \
            linecolor rgb 'black'
    unset output
}
