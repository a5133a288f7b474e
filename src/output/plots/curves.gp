# Numbers against the size of the cut, one curve a series: the columns series, x, y, err, bound and mark of the table.
load 'style.gp'
array colour[7] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']
stats table using (column('x')):(column('y')) name 'S' nooutput
top = S_max_y
if (barred) {
    stats table using (column('y') + column('err')) name 'E' nooutput
    top = E_max > top ? E_max : top
}
if (bounded) {
    stats table using (column('bound')) name 'B' nooutput
    far = B_min > 20 * top # it would flatten the curves
    top = far ? top : B_max > top ? B_max : top
    bound_words = far ? bound_words.' (far above)' : bound_words
}
room = S_max_x == S_min_x || (whole && !joined) ? 0.5 : 0.04 * (S_max_x - S_min_x)
set xrange [S_min_x-room:S_max_x+room]
set yrange [(S_min_y < 0 ? 1.08*S_min_y : 0):(marked ? 1.18 : 1.08)*end_of(top, S_min_y)]
set key above left Left reverse samplen 2 noenhanced
# Many names stand at the right; gnuplot would make room for the expression of a title, not for the title.
aside_names = curves > 4
names_at(format) = 1 - (9 * longest_name + 60) / (format eq 'narrow' ? 360.0 : 660.0)
left_of(format) = names_at(format) < 0.5 ? 0.5 : names_at(format)
# Curves that coincide are seen: later ones are thinner, or their points stand beside their place.
later(k) = curves > 1 ? k / (curves - 1.0) : 0.5
of(k) = column('series') == k ? column('x') + (joined || !whole ? 0 : 0.4 * (later(k) - 0.5)) : NaN
size = (S_records > 200 ? 0.4 : S_records > 40 ? 0.6 : 0.9) * (joined ? 1.2 : 0.8)

do for [format in formats] {
    eval start(format, '', 660, 440)
    if (aside_names) {
        set rmargin at screen left_of(format)
        set key at screen left_of(format)+0.02,0.95 left top Left reverse vertical maxrows 24 samplen 1 noenhanced
    }
    if (whole) { set xtics int(S_min_x),ceil((S_max_x-S_min_x+1)/(marks(format)*(aside_names ? left_of(format) : 1))) }
    plot for [k = 0:(bounded ? curves-1 : -1)] table using (of(k)):(column('bound')) with lines dashtype 2 linewidth 1.5 \
            linecolor rgb (curves == 1 ? grey : colour[k%7+1]) title k == 0 ? bound_words : '', \
        for [k = 0:curves-1] table using (joined ? of(k) : NaN):(column('y')) with lines linewidth 3.5-2.5*later(k) linecolor rgb colour[k%7+1] notitle, \
        for [k = 0:(barred ? curves-1 : -1)] table using (of(k)):(column('y')):(column('err')) with yerrorbars pointtype 7 pointsize 0 \
            linewidth 1.5 linecolor rgb colour[k%7+1] notitle, \
        for [k = 0:curves-1] table using (of(k)):(column('y')) with points pointtype 7+2*(k/7) pointsize size*(joined ? 1.3-0.6*later(k) : 1) \
            linecolor rgb colour[k%7+1] title curves > 1 || bounded ? name[k+1] : '', \
        table using (marked ? column('x') : NaN):(column('y')):(stringcolumn('mark')) with labels offset 0,0.9 font ',9' notitle
    unset output
}
