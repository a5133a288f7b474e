/* The gnuplot scripts of a map folder (gnuplot 5.4 and newer) and the words beside the pictures.
 *
 * Colours: viridis (S. van der Walt, N. Smith, 2015) for values, the set of M. Okabe and K. Ito
 * (2008) for lines; both are readable with any kind of colour vision. */
#include "output/map_parts.h"

#define BEGIN(name, what)                                                                          \
    "# " what ".\n# In this folder: gnuplot " name ".gp\nload 'style.gp'\n"
#define BOTH "do for [format in 'svg png'] {\n"
#define END "    unset output\n}\n"

static const char style_text[] =
    "set encoding utf8\n"
    "set datafile separator comma\n"
    "set datafile columnheaders\n"
    "set datafile missing NaN\n"
    "\n"
    "# viridis, from small to large\n"
    "set palette defined (0 '#440154', 1 '#482878', 2 '#3e4a89', 3 '#31688e', 4 '#26828e', \\\n"
    "    5 '#1f9e89', 6 '#35b779', 7 '#6dcd59', 8 '#b4de2c', 9 '#fde725')\n"
    "blue = '#0072b2'\n"
    "orange = '#d55e00'\n"
    "grey = '#808080'\n"
    "frame = '#404040'\n"
    "\n"
    "# start(format, name, width, height): for eval; the PNG has twice the pixels\n"
    "start(format, name, w, h) = format eq 'svg' ? \\\n"
    "    sprintf(\"set terminal svg size %d,%d enhanced font 'sans-serif,12' background 'white' \\\n"
    "name '%s'; set output '%s.svg'\", w, h, name, name) : \\\n"
    "    sprintf(\"set terminal pngcairo size %d,%d enhanced font 'sans-serif,12' fontscale 2 \\\n"
    "linewidth 2 pointscale 2 background 'white'; set output '%s.png'\", 2 * w, 2 * h, name)\n"
    "\n"
    "# black or white text on a colour of the palette, for a value between 0 and top\n"
    "ink(value, top) = value > 0.55 * top ? 0x000000 : 0xffffff\n"
    "# the end of a scale from 0: 1 when everything is zero but for rounding\n"
    "top_of(largest) = largest > 1e-9 ? largest : 1\n"
    "\n"
    "set title font ',14' offset 0,0.3\n"
    "set label 99 function.' on '.lattice at screen 0.985,0.018 right font ',8' \\\n"
    "    textcolor rgb '#606060' noenhanced\n"
    "set border 3 linecolor rgb frame\n"
    "set tics nomirror out scale 0.6\n"
    "set grid linecolor rgb '#e0e0e0' linewidth 0.5 linetype 1\n"
    "set key noenhanced samplen 2\n"
    "set bmargin 5\n";

/* Loaded by the pictures that show the lattice. */
#define LATTICE                                                                                    \
    "unset grid\n"                                                                                 \
    "unset key\n"                                                                                  \
    "unset border\n"                                                                               \
    "set tics scale 0\n"                                                                           \
    "set size ratio -1\n"                                                                          \
    "set xrange [-0.75:Lx-0.25+(kind eq 'links' && torus ? 0.5 : 0)]\n"                            \
    "set yrange [Ly-0.25+(kind eq 'links' && torus ? 0.5 : 0):-0.75]\n"                            \
    "set xtics 0,ceil(Lx/16.0),Lx-1\n"                                                             \
    "if (kind eq 'chain') { unset ytics } else { set ytics 0,ceil(Ly/16.0),Ly-1 }\n"               \
    "unit = kind eq 'links' ? ' (vertices)' : ' (pixels)'\n"                                       \
    "set xlabel 'x'.unit.(torus ? (kind eq 'chain' ? ', a ring: the ends are neighbours' : "       \
    "', a torus: opposite edges are neighbours') : '')\n"                                          \
    "if (kind ne 'chain') { set ylabel 'y'.unit }\n"                                               \
    "width = kind eq 'chain' ? 900 : 660\n"                                                        \
    "shape = kind eq 'chain' ? 0 : Ly * 1.0 / Lx\n"                                                \
    "height = kind eq 'chain' ? 260 : 130 + 500 * (shape > 1.6 ? 1.6 : shape < 0.25 ? 0.25 : "     \
    "shape)\n"                                                                                     \
    "set colorbox user origin screen 0.86,(kind eq 'chain' ? 0.42 : 0.25) "                        \
    "size screen 0.025,(kind eq 'chain' ? 0.38 : 0.55)\n"                                          \
    "set rmargin at screen 0.83\n"                                                                 \
    "set lmargin at screen (kind eq 'chain' ? 0.03 : 0.11)\n"

static const char sites_script[] = BEGIN("sites", "The entropy of every pixel, on the lattice")
    LATTICE
    "stats 'sites.csv' using (column('entropy_bits')) name 'S' nooutput\n"
    "top = top_of(S_max)\n"
    "set cbrange [0:top]\n"
    "set title 'Entropy of every pixel'\n"
    "set cblabel 'S(pixel) (bits)'\n"
    "numbers = N <= 64 && Lx <= 16 # write the values into the cells\n"
    "digits(v) = abs(v - int(v + 0.5)) < 1e-9 ? sprintf('%.0f', v) : "
    "sprintf(Lx > 9 ? '%.2f' : '%.3f', v)\n"
    "vertex(x, y) = torus && (x > Lx - 0.5 || y > Ly - 0.5)\n" BOTH
    "    eval start(format, 'sites', width, height)\n"
    "    if (kind eq 'links') {\n"
    "        plot 'sites.csv' using (column('x0')):(column('y0')):(column('x1')-column('x0')):"
    "(column('y1')-column('y0')) with vectors nohead linewidth 11 linecolor rgb frame, \\\n"
    "            '' using (column('x0')):(column('y0')):(column('x1')-column('x0')):"
    "(column('y1')-column('y0')):(column('entropy_bits')) with vectors nohead linewidth 8 "
    "linecolor palette, \\\n"
    "            '' using (column('x0')):(column('y0')) with points pointtype 7 pointsize 1.4 "
    "linecolor rgb 'black', \\\n"
    "            '' using (column('x1')):(column('y1')) with points pointtype 7 pointsize 1.4 "
    "linecolor rgb 'black', \\\n"
    "            '' using (vertex(column('x1'),column('y1')) ? column('x1') : NaN):"
    "(column('y1')) with points pointtype 7 pointsize 1.0 linecolor rgb 'white'\n"
    "    } else {\n"
    "        plot 'sites.csv' using (column('x')):(column('y')):(column('x0')):(column('x1')):"
    "(column('y0')):(column('y1')):(column('entropy_bits')) with boxxyerror fillstyle solid "
    "border linecolor rgb 'white' fillcolor palette, \\\n"
    "            '' using (numbers ? column('x') : NaN):(column('y')):"
    "(digits(column('entropy_bits'))):(ink(column('entropy_bits'), top)) with labels "
    "font (Lx > 9 ? ',8' : ',11') textcolor rgbcolor variable\n"
    "    }\n" END;

static const char bonds_script[] =
    BEGIN("bonds", "Mutual information of neighbouring pixels, on the lattice") LATTICE
    "stats 'bonds.csv' using (column('mutual_information_bits')) name 'I' nooutput\n"
    "set cbrange [0:top_of(I_max)]\n"
    "set title 'Mutual information of neighbours'\n"
    "set cblabel 'I(i:j) (bits)'\n"
    "thick = kind eq 'links' ? 5 : Lx > 9 ? 5 : 8\n"
    "# Each bond is drawn as two halves, one from each end: across the edge of a torus both are seen.\n"
    BOTH
    "    eval start(format, 'bonds', width, height)\n"
    "    if (kind eq 'links') {\n"
    "        plot 'sites.csv' using (column('x0')):(column('y0')):(column('x1')-column('x0')):"
    "(column('y1')-column('y0')) with vectors nohead linewidth 7 linecolor rgb '#e4e4e4', \\\n"
    "            for [edge = 0:1] 'bonds.csv' using (column('x')):(column('y')):"
    "(column('dx')/2):(column('dy')/2) with vectors nohead linewidth thick+(edge ? 0 : 2) "
    "linecolor rgb frame, \\\n"
    "            '' using (column('x2')):(column('y2')):(-column('dx')/2):(-column('dy')/2) "
    "with vectors nohead linewidth thick+2 linecolor rgb frame, \\\n"
    "            '' using (column('x')):(column('y')):(column('dx')/2):(column('dy')/2):"
    "(column('mutual_information_bits')) with vectors nohead linewidth thick linecolor palette, \\\n"
    "            '' using (column('x2')):(column('y2')):(-column('dx')/2):(-column('dy')/2):"
    "(column('mutual_information_bits')) with vectors nohead linewidth thick linecolor palette\n"
    "    } else {\n"
    "        plot 'sites.csv' using (column('x')):(column('y')):(column('x0')):(column('x1')):"
    "(column('y0')):(column('y1')) with boxxyerror fillstyle solid border linecolor rgb 'white' "
    "fillcolor rgb '#e4e4e4', \\\n"
    "            'bonds.csv' using (column('x')):(column('y')):(column('dx')/2):"
    "(column('dy')/2) with vectors nohead linewidth thick+3 linecolor rgb frame, \\\n"
    "            '' using (column('x2')):(column('y2')):(-column('dx')/2):(-column('dy')/2) "
    "with vectors nohead linewidth thick+3 linecolor rgb frame, \\\n"
    "            '' using (column('x')):(column('y')):(column('dx')/2):(column('dy')/2):"
    "(column('mutual_information_bits')) with vectors nohead linewidth thick linecolor palette, \\\n"
    "            '' using (column('x2')):(column('y2')):(-column('dx')/2):(-column('dy')/2):"
    "(column('mutual_information_bits')) with vectors nohead linewidth thick linecolor palette, "
    "\\\n"
    "            'sites.csv' using (column('x')):(column('y')) with points pointtype 7 "
    "pointsize (Lx > 9 ? 0.8 : 1.6) linecolor rgb 'black'\n"
    "    }\n" END;

static const char pairs_script[] =
    BEGIN("pairs", "Mutual information of all pairs of pixels, as a matrix")
    "stats 'pairs.csv' using (column('mutual_information_bits')) name 'I' nooutput\n"
    "unset datafile columnheaders # mutual_information.csv has none\n"
    "unset grid\n"
    "unset key\n"
    "unset border\n"
    "set tics scale 0\n"
    "set size ratio -1\n"
    "set cbrange [0:top_of(I_max)]\n"
    "set xrange [-0.5:N-0.5]\n"
    "set yrange [N-0.5:-0.5]\n"
    "set xtics 0,ceil(N/16.0),N-1\n"
    "set ytics 0,ceil(N/16.0),N-1\n"
    "set object 1 rectangle from graph 0,0 to graph 1,1 fillstyle solid noborder "
    "fillcolor rgb '#d0d0d0' behind\n"
    "set title 'Mutual information of pixels i and j'\n"
    "set xlabel 'pixel j'\n"
    "set ylabel 'pixel i'\n"
    "set cblabel 'I(i:j) (bits)'\n" BOTH
    "    eval start(format, 'pairs', 660, 600)\n"
    "    if (N <= 64) {\n"
    "        plot 'mutual_information.csv' matrix with image pixels\n"
    "    } else {\n"
    "        plot 'mutual_information.csv' matrix with image\n"
    "    }\n" END;

/* Entropy along a growing region: one table line a cut. */
#define PROFILE(name, what, label)                                                                 \
    BEGIN(name, "Entropy of the first " what)                                                      \
    "stats '" name ".csv' using (column('entropy_bits')) name 'S' nooutput\n"                      \
    "set title 'Entropy of the first k " what "'\n"                                                \
    "set xlabel 'k (" what " kept)'\n"                                                             \
    "set ylabel 'S (bits)'\n"                                                                      \
    "set xrange [0.5:S_records+0.5]\n"                                                             \
    "set yrange [0:1.25*top_of(S_max)]\n"                                                          \
    "set xtics 1,ceil(S_records/16.0)\n"                                                           \
    "set key top right horizontal\n"                                                               \
    "bound(na) = na < N - na ? na : N - na\n" BOTH                                                 \
    "    eval start(format, '" name "', 660, 420)\n"                                               \
    "    plot '" name ".csv' using ($0+1):(bound(column('na'))) with lines dashtype 2 linewidth "  \
    "1.5 linecolor rgb grey title 'most possible: min(NA, NB) bits', \\\n"                         \
    "        '' using ($0+1):(column('entropy_bits')) with linespoints linewidth 2 "               \
    "pointtype 7 pointsize (S_records > 40 ? 0.5 : 0.9) linecolor rgb blue title 'S'\n" END

static const char rows_script[] = PROFILE("rows", "rows", "rows");
static const char columns_script[] = PROFILE("columns", "columns", "columns");
static const char prefixes_script[] = PROFILE("prefixes", "pixels", "pixels");

/* Entropy against boundary length, coloured by the size of the smaller side. */
#define SCATTER(name, what)                                                                        \
    BEGIN(name, "Entropy of every " what " against its boundary")                                  \
    "smaller(na) = na < N - na ? na : N - na\n"                                                    \
    "stats '" name ".csv' using (smaller(column('na'))) name 'A' nooutput\n"                       \
    "stats '" name ".csv' using (column('boundary')):(column('entropy_bits')) name 'S' "           \
    "nooutput\n"                                                                                   \
    "set title 'Every " what ": entropy and boundary'\n"                                           \
    "set xlabel 'boundary length L_{AB} (bonds cut)'\n"                                            \
    "set ylabel 'S (bits)'\n"                                                                      \
    "set cblabel 'pixels on the smaller side'\n"                                                   \
    "set cbrange [(A_min < A_max ? A_min : A_min-1):(A_min < A_max ? A_max : A_max+1)]\n"          \
    "set cbtics ceil((A_max-A_min+1)/12.0)\n"                                                      \
    "set xrange [0:S_max_x+1]\n"                                                                   \
    "set yrange [0:1.1*top_of(S_max_y)]\n"                                                         \
    "set xtics 0,ceil((S_max_x+1)/16.0)\n"                                                         \
    "unset key\n" BOTH "    eval start(format, '" name "', 660, 460)\n"                            \
    "    plot '" name ".csv' using (column('boundary')):(column('entropy_bits')) with points "     \
    "pointtype 7 pointsize 1.15 linecolor rgb frame, \\\n"                                         \
    "        '' using (column('boundary')):(column('entropy_bits')):(smaller(column('na'))) "      \
    "with points pointtype 7 pointsize 0.9 linecolor palette\n" END

static const char rectangles_script[] = SCATTER("rectangles", "rectangle");
static const char connected_script[] = SCATTER("connected", "connected region");

static const char spectrum_script[] =
    BEGIN("spectrum", "Entanglement spectrum of the half cut")
    "stats 'spectrum.csv' using (column('last')):(column('minus_log2_bits')) name 'E' nooutput\n"
    "set title 'Entanglement spectrum of the half cut'\n"
    "set xlabel 'number of the eigenvalue of rho_A, largest first'\n"
    "set xlabel noenhanced\n"
    "set ylabel '-log_2 eigenvalue (bits)'\n"
    "set xrange [0:E_max_x+1]\n"
    "set yrange [0:1.1*top_of(E_max_y)]\n"
    "unset key\n"
    "every_th = E_records > 4000 ? ceil(E_records/4000.0) : 1 # keeps the picture small\n" BOTH
    "    eval start(format, 'spectrum', 660, 420)\n"
    "    plot 'spectrum.csv' every every_th using (column('first')-0.4):"
    "(column('minus_log2_bits')):(column('last')-column('first')+0.8):(0) with vectors nohead "
    "linewidth 3 linecolor rgb blue, \\\n"
    "        '' every every_th using ((column('first')+column('last'))/2.0):"
    "(column('minus_log2_bits')) with points pointtype 7 pointsize (E_records > 100 ? 0.3 : 0.7) "
    "linecolor rgb blue\n" END;

const ct_map_picture ct_map_pictures[] = {
    {"sites", CUTROPY_MAP_SITES, "Entropy of every pixel",
     "How much one pixel knows about all others: 0 if it is irrelevant to the function or "
     "independent of the rest, 1 bit at most.",
     sites_script},
    {"bonds", CUTROPY_MAP_PAIRS, "Mutual information of neighbours",
     "I(i:j) = S(i) + S(j) - S(ij) for every bond of the lattice, 2 bits at most. Bonds that leave "
     "through the edge of a torus are drawn as two stubs.",
     bonds_script},
    {"pairs", CUTROPY_MAP_PAIRS, "Mutual information of all pairs",
     "The same for every pair of pixels, numbered as in the masks of the cuts. Stripes beside the "
     "diagonal are neighbours in x and y; far from it they are correlations over a distance.",
     pairs_script},
    {"rows", CUTROPY_MAP_ROWS, "Growing block of rows",
     "The region of the first k rows. A flat curve is an area law (the boundary does not grow), a "
     "roof is a volume law. The dashed line is the largest entropy that k rows can have.",
     rows_script},
    {"columns", CUTROPY_MAP_COLUMNS, "Growing block of columns", "The same for columns.",
     columns_script},
    {"prefixes", CUTROPY_MAP_PREFIXES, "Growing prefix",
     "The first k pixels in the order of their numbers: the bond dimension that an exact matrix "
     "product state in this order needs grows at least as 2^S.",
     prefixes_script},
    {"rectangles", CUTROPY_MAP_RECTANGLES, "Every rectangle",
     "Entropy against boundary length. An area law puts all points below one straight line through "
     "a constant, whatever their colour; in a volume law the colour decides.",
     rectangles_script},
    {"connected", CUTROPY_MAP_CONNECTED, "Every connected region up to a size",
     "The same for connected regions of every shape.", connected_script},
    {"spectrum", CUTROPY_MAP_HALF, "Entanglement spectrum of the half cut",
     "Eigenvalues of rho_A for A = the first floor(N/2) pixels. A flat line is maximal "
     "entanglement of that rank; gaps show which parts of the cut are independent rules.",
     spectrum_script},
};
const size_t ct_map_picture_count = sizeof ct_map_pictures / sizeof ct_map_pictures[0];

const char *ct_map_picture_missing(const cutropy_map *map, const ct_map_picture *picture)
{
    const cutropy_map_family *family = &map->family[picture->part];
    if (*family->missing)
        return family->missing;
    if (picture->part == CUTROPY_MAP_PAIRS && !map->mutual_information)
        return "not all pairs were computed";
    if (picture->script == bonds_script && !map->lattice->bonds)
        return "the lattice has no bonds";
    return NULL;
}

/* A single-quoted string of gnuplot; control characters would end it. */
static void put_quoted(const char *text, size_t limit, ct_text *out)
{
    size_t length = 0;
    ct_text_puts(out, "'");
    for (const char *p = text; *p && length < limit; p++, length++) {
        const char c = (unsigned char)*p < ' ' ? '?' : *p;
        ct_text_add(out, c == '\'' ? "''" : &c, c == '\'' ? 2 : 1);
    }
    ct_text_puts(out, text[length] ? "...'" : "'");
}

void ct_map_style(const cutropy_map *map, ct_text *out)
{
    static const char *const kinds[] = {"grid", "links", "chain"};
    const cutropy_lattice *l = map->lattice;
    ct_text_puts(out, "# Shared by all scripts of this folder: colours, fonts and sizes.\nfunction = ");
    put_quoted(map->result->problem, 100, out);
    ct_text_puts(out, "\nlattice = ");
    put_quoted(l->name, 100, out);
    ct_text_printf(out, "\nkind = '%s'\nLx = %d\nLy = %d\nN = %d\ntorus = %d\n\n", kinds[l->kind],
                   l->lx, l->ly, l->pixels, l->periodic);
    ct_text_puts(out, style_text);
}
