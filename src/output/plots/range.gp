# The range of every pixel (A = all others), on the lattice. In this folder: gnuplot range.gp
load 'style.gp'

# Line k of range.csv is pixel k; an empty cell stays empty: no range.
array r[N]
array classes[N]
do for [k = 1:N] { r[k] = NaN; classes[k] = 0 }
stats 'range.csv' using (classes[int(column(0))+1] = column('classes_a')) nooutput
number(text) = strlen(text) ? real(text) : NaN
stats 'range.csv' using (r[int(column(0))+1] = number(stringcolumn('range')), 0) nooutput
largest = 0
do for [k = 1:N] { largest = r[k] > largest ? r[k] : largest }

eval lattice_picture
top = largest > 0 ? largest : 1
step = ceil(top / (kind eq 'chain' ? 4.0 : 10.0))
set cbrange [0:top]
set cbtics 0,step,top
set title 'Range and row classes of every pixel'
set cblabel 'range (bonds)' offset 0.8,0

numbers(format) = N <= 100 && Lx <= (format eq 'narrow' ? 8 : 16) # write the values into the cells
here(k) = r[int(k)+1]
known(k) = here(k) == here(k)
written(k) = (known(k) ? sprintf('%.0f', here(k)) : '–').(kind eq 'links' ? ' | ' : "\n").sprintf('%g', classes[int(k)+1])
colour(k) = known(k) ? ink(here(k), top) : 0x000000
small(format) = Lx > 9 || (format eq 'narrow' && Lx > 5) ? ',8' : ',11'
thick(format) = format eq 'narrow' ? 5 : 8 # of links

do for [format in formats] {
    eval start(format, 'range', width, height)
    if (kind eq 'links') {
        set style textbox opaque noborder fillcolor rgb 'white' margins 0.5,0.3
        plot 'sites.csv' using (column('x0')):(column('y0')):(column('x1')-column('x0')):(column('y1')-column('y0')) \
                notitle with vectors nohead linewidth thick(format)+3 linecolor rgb frame, \
            '' using (column('x0')):(column('y0')):(column('x1')-column('x0')):(column('y1')-column('y0')) \
                notitle with vectors nohead linewidth thick(format) linecolor rgb ground, \
            '' using (column('x0')):(column('y0')):(column('x1')-column('x0')):(column('y1')-column('y0')):(here(column('pixel'))) \
                notitle with vectors nohead linewidth thick(format) linecolor palette, \
            '' using (numbers(format) ? column('x') : NaN):(column('y')):(written(column('pixel'))) \
                notitle with labels boxed font small(format) textcolor rgb 'black'
    }
    if (kind ne 'links' && N > 200) {
        set object 1 rectangle from -0.5,-0.5 to Lx-0.5,Ly-0.5 behind fillstyle solid noborder fillcolor rgb ground
        plot 'sites.csv' using (column('x')):(column('y')):(here(column('pixel'))) notitle with image
    }
    if (kind ne 'links' && N <= 200) {
        plot 'sites.csv' using (column('x')):(column('y')):(column('x0')):(column('x1')):(column('y0')):(column('y1')) \
                notitle with boxxyerror fillstyle solid border linecolor rgb 'white' fillcolor rgb ground, \
            '' using (column('x')):(column('y')):(column('x0')):(column('x1')):(column('y0')):(column('y1')):(here(column('pixel'))) \
                notitle with boxxyerror fillstyle solid border linecolor rgb 'white' fillcolor palette, \
            '' using (numbers(format) ? column('x') : NaN):(column('y')):(written(column('pixel'))):(colour(column('pixel'))) \
                notitle with labels offset 0,0.5 font small(format) textcolor rgbcolor variable
    }
    unset output
}
