# Mutual information of neighbouring pixels, on the lattice. In this folder: gnuplot bonds.gp
load 'style.gp'
stats 'bonds.csv' using (column('mutual_information_bits')) name 'I' nooutput
eval lattice_picture
eval from_pale
set cbrange [0:top_of(I_max)]
eval few_marks(top_of(I_max))
set title 'Mutual information of neighbours'
set cblabel 'I(i:j) (bits)' offset (kind eq 'chain' ? 0.8 : 0),0
thick(format) = (kind eq 'links' ? 4 : Lx > 9 ? 5 : 8) * (format eq 'narrow' ? 0.6 : 1)

# Each bond is drawn as two halves, one from each end: across the edge of a torus both are seen.
do for [format in formats] {
    eval start(format, 'bonds', width, height)
    plot 'sites.csv' using (column('x')):(column('y')):(column('x0')):(column('x1')):(column('y0')):(column('y1')) \
            notitle with boxxyerror fillstyle solid border linecolor rgb (kind eq 'links' ? ground : 'white') fillcolor rgb ground, \
        'bonds.csv' using (column('x')):(column('y')):(column('dx')/2):(column('dy')/2) \
            notitle with vectors nohead linewidth thick(format)+2 linecolor rgb frame, \
        '' using (column('x2')):(column('y2')):(-column('dx')/2):(-column('dy')/2) \
            notitle with vectors nohead linewidth thick(format)+2 linecolor rgb frame, \
        '' using (column('x')):(column('y')):(column('dx')/2):(column('dy')/2):(column('mutual_information_bits')) \
            notitle with vectors nohead linewidth thick(format) linecolor palette, \
        '' using (column('x2')):(column('y2')):(-column('dx')/2):(-column('dy')/2):(column('mutual_information_bits')) \
            notitle with vectors nohead linewidth thick(format) linecolor palette, \
        'sites.csv' using (column('x')):(column('y')) notitle with points pointtype 7 pointsize (Lx > 9 ? 0.8 : 1.5) * (format eq 'narrow' ? 0.6 : 1) \
            linecolor rgb 'black'
    unset output
}
