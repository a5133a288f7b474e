# A number of every pixel, on the lattice: @WHAT@. In this folder: gnuplot @NAME@.gp
load 'style.gp'
value = '@NAME@' eq 'label' ? 'label_information_bits' : 'entropy_bits'
stats '@NAME@.csv' using (column(value)) name 'S' nooutput
eval lattice_picture
top = top_of(S_max)
set cbrange [0:top]
eval few_marks(top)
set title '@NAME@' eq 'label' ? 'Mutual information of every pixel with the label' : 'Entropy of every pixel'
set cblabel ('@NAME@' eq 'label' ? 'I(pixel:label) (bits)' : 'S(pixel) (bits)') offset (kind eq 'chain' ? 0.8 : 0),0

numbers(format) = N <= 100 && Lx <= (format eq 'narrow' ? 8 : 16) # write the values into the cells
digits(v) = abs(v - int(v + 0.5)) < 1e-9 ? sprintf('%.0f', v) : \
    sprintf(Lx > 12 ? '%.2f' : '%.3f', v)
# on a torus the vertices beyond the last row and column are the first ones again
again(x, y) = torus && (x > Lx - 0.5 || y > Ly - 0.5)

thick(format) = format eq 'narrow' ? 5 : 8 # of links

do for [format in formats] {
    eval start(format, '@NAME@', width, height)
    if (kind eq 'links') {
        plot '@NAME@.csv' using (column('x0')):(column('y0')):(column('x1')-column('x0')):(column('y1')-column('y0')) \
                notitle with vectors nohead linewidth thick(format)+3 linecolor rgb frame, \
            '' using (column('x0')):(column('y0')):(column('x1')-column('x0')):(column('y1')-column('y0')):(column(value)) \
                notitle with vectors nohead linewidth thick(format) linecolor palette, \
            '' using (column('x0')):(column('y0')) notitle with points pointtype 7 pointsize thick(format)/5.7 linecolor rgb 'black', \
            '' using (column('x1')):(column('y1')) notitle with points pointtype 7 pointsize thick(format)/5.7 linecolor rgb 'black', \
            '' using (again(column('x1'), column('y1')) ? column('x1') : NaN):(column('y1')) \
                notitle with points pointtype 7 pointsize thick(format)/8.0 linecolor rgb 'white'
    }
    if (kind ne 'links' && N > 200) { # one image instead of many rectangles
        plot '@NAME@.csv' using (column('x')):(column('y')):(column(value)) notitle with image
    }
    if (kind ne 'links' && N <= 200) {
        plot '@NAME@.csv' using (column('x')):(column('y')):(column('x0')):(column('x1')):(column('y0')):(column('y1')):(column(value)) \
                notitle with boxxyerror fillstyle solid border linecolor rgb 'white' fillcolor palette, \
            '' using (numbers(format) ? column('x') : NaN):(column('y')):(digits(column(value))):(ink(column(value), top)) \
                notitle with labels font (Lx > 9 || (format eq 'narrow' && Lx > 5) ? ',8' : ',11') textcolor rgbcolor variable
    }
    unset output
}
