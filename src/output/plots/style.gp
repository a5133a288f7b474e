set encoding utf8
set datafile separator comma
set datafile columnheaders
set datafile missing NaN

# viridis (S. van der Walt, N. Smith, 2015), from small to large; readable with any kind of colour vision
set palette defined (0 '#440154', 1 '#482878', 2 '#3e4a89', 3 '#31688e', 4 '#26828e', \
    5 '#1f9e89', 6 '#35b779', 7 '#6dcd59', 8 '#b4de2c', 9 '#fde725')
# YlGnBu (C. Brewer, 2003), for eval where zero is to look like nothing
from_pale = "set palette defined (0 '#f7fcf0', 1 '#edf8b1', 2 '#c7e9b4', 3 '#7fcdbb', \
4 '#41b6c4', 5 '#1d91c0', 6 '#225ea8', 7 '#253494', 8 '#081d58')"
# lines: M. Okabe, K. Ito, 2008
blue = '#0072b2'
grey = '#808080'
frame = '#404040'
ground = '#e8e8e8'

# eval start(format, name, width, height) opens NAME.png (twice the pixels, with a title), NAME.svg (bare: text beside it says what it is)
# and NAME-narrow.svg (for a narrow column: the same size of letters on 360 pixels). In this order: the first alone has a title.
# A single picture (plot, scaling, range: `wanted` is its format) goes to standard output and has a title.
alone = exists('wanted')
formats = alone ? wanted : 'png svg narrow'
marks(format) = format eq 'narrow' ? 8.0 : 16.0 # on an axis, about
slim(w, h) = w < 400 ? h : 360.0 * h / w + (w > 800 ? 120 : 55)
bare = "unset title; unset label 99; set tmargin 1; set bmargin 3.5; "
terminal(format, w, h) = format eq 'png' ? \
    sprintf("set terminal pngcairo size %d,%d enhanced font 'sans-serif,12' fontscale 2 \
linewidth 2 pointscale 2 background 'white'; ", 2 * w, 2 * h) : format eq 'pdf' ? \
    sprintf("set terminal pdfcairo size %.3f,%.3f enhanced font 'sans-serif,12' fontscale 0.62 background 'white'; ", w / 96.0, h / 96.0) : \
    sprintf("set terminal svg size %d,%d enhanced font 'sans-serif,12' background 'white'; ", w, h)
start(format, name, w, h) = alone ? (format eq 'narrow' ? bare.terminal('svg', 360, slim(w, h)) : terminal(format, w, h)) : \
    format eq 'png' ? terminal(format, w, h).sprintf("set output '%s.png'", name) : \
    bare.sprintf("set terminal svg size %d,%d enhanced font 'sans-serif,12' background 'white' \
name '%s'; set output '%s.svg'", format eq 'narrow' ? 360 : w, format eq 'narrow' ? slim(w, h) : h, \
    format eq 'narrow' ? name.'_narrow' : name, format eq 'narrow' ? name.'-narrow' : name). \
    (format eq 'narrow' && exists('on_lattice') ? narrow_lattice : '')

# a number in [-1/2, 1/2) for k, always the same: where lines of many pairs stand beside their place
aside(k) = k * 0.6180339887498949 - floor(k * 0.6180339887498949) - 0.5

# eval stand_aside: points of `table` that would hide each other stand side by side, all others where they belong. lane(0): the place of a
# point on the axis, whole, from 0 to lanes - 1; height_of(0): from bottom to top; gap: between lanes; afterwards moved[i + 1] is the way of
# point i. A lane has 49 levels, each about a point high; points of levels with no empty one between them are a crowd.
level(i) = int(lane(i)) * 51 + (height_of(i) == height_of(i) ? int(48.0 * (height_of(i) - bottom) / (top - bottom)) : 0) + 2
gcd(a, b) = b ? gcd(b, a % b) : a
coprime(m, n) = gcd(m, n) == 1 ? m : coprime(m + 1, n)
slot(k, n) = n < 2 ? 0 : (k * coprime(int(0.618 * n), n) % n + 0.5) / n - 0.5 # evenly, in no order that could be taken for one
way(k, n) = (n < 4 ? 0.19 * n : 0.76) * gap * slot(k, n)
start_of(k) = here[k-1] ? start_of(k - 1) : k
crowd(k) = here[k] ? here[k] + crowd(k + 1) : 0
stand_aside = "array here[51*lanes]; array taken[51*lanes]; array moved[S_records+S_invalid+S_outofrange]; \
stats table using (here[level(0)-1] = 0, here[level(0)] = 0, here[level(0)+1] = 0, taken[level(0)] = 0) nooutput; \
stats table using (here[level(0)] = here[level(0)] + 1) nooutput; \
stats table using (f = start_of(level(0)), taken[f] = taken[f] + 1, moved[int(column(0))+1] = way(int(taken[f]) - 1, int(crowd(f)))) nooutput"
# black or white text on a colour of viridis, for a value between 0 and top
ink(value, top) = value > 0.55 * top ? 0x000000 : 0xffffff
# the end of a scale that begins at 0; 1 when everything is zero but for rounding
top_of(largest) = largest > 1e-9 ? largest : 1.0 # 1 / 2 is 0
# that of any numbers, of which some are rounding: 0 where the others are all negative
end_of(largest, least) = largest > rounding ? largest : least < -rounding ? 0 : 1.0

set title font ',14' offset 0,0.3
set label 99 (strlen(lattice) ? function.' on '.lattice : function) at screen 0.985,0 right offset 0,0.7 font ',8' \
    textcolor rgb '#606060' noenhanced
set border 3 linecolor rgb frame
set tics nomirror out scale 0.6
set grid linecolor rgb '#e0e0e0' linewidth 0.5 linetype 1
set bmargin 5

# ---- pictures of the lattice: eval lattice_picture, after stats
unit = kind eq 'links' ? ' (vertices)' : ' (pixels)'
closed = torus ? (kind eq 'chain' ? ', a ring: the ends are neighbours' : \
    ', a torus: opposite edges are neighbours') : ''
beyond = kind eq 'links' && torus ? 0.6 : -0.4 # a wrapped link ends beyond the last vertex
shape = Ly * 1.0 / Lx
width = kind eq 'chain' ? 900 : 660
height = kind eq 'chain' ? 260 : 130 + 500 * (shape > 1.6 ? 1.6 : shape < 0.25 ? 0.25 : shape)
bar_y = kind eq 'chain' ? 0.42 : 0.25
bar_height = kind eq 'chain' ? 0.38 : 0.55
lattice_picture = "on_lattice = 1; unset grid; unset key; unset border; set tics scale 0; set size ratio -1; \
set xrange [-0.6:Lx+beyond]; set yrange [Ly+beyond:-0.6]; \
set xtics 0,ceil(Lx/16.0),Lx-1; set ytics 0,ceil(Ly/16.0),Ly-1; \
set xlabel 'x'.unit.closed; set ylabel 'y'.unit; \
set colorbox user origin screen 0.845,bar_y size screen 0.025,bar_height; \
set lmargin at screen (kind eq 'chain' ? 0.03 : 0.11); set rmargin at screen 0.82"
narrow_lattice = "; set lmargin at screen (kind eq 'chain' ? 0.05 : 0.13); set rmargin at screen (kind eq 'chain' ? 0.7 : 0.76); \
set colorbox user origin screen (kind eq 'chain' ? 0.73 : 0.79),bar_y size screen 0.035,bar_height; \
set xtics 0,ceil(Lx/8.0),Lx-1; set ytics 0,ceil(Ly/8.0),Ly-1"
# few numbers beside the short colour bar of a chain
few_marks(top) = kind eq 'chain' ? sprintf('set cbtics 0,%.17g; set format cb "%%.3g"', top/2) : ''
if (kind eq 'chain') {
    lattice_picture = lattice_picture."; unset ytics; unset ylabel"
    narrow_lattice = narrow_lattice."; unset ytics"
}
