# validation accuracy (%) against surrogate.scale: mean and standard deviation over 3 seeds, each seed a faint point.
# Data: data/sweep.csv and data/sweep_seeds.csv, made of ../aggregate.csv and ../summary.csv (seen from this file's folder).
#
#   gnuplot sweep.gp                   writes sweep.svg beside this file, from any folder
#   gnuplot -e 'term="png"' sweep.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 480
height = 340    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print
factor = 100
beside(place) = place / 1.17382    # where the seeds stand

# ---- Set-up: the folder of this file, the kind of picture, the style
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }
# gnuplot takes names that begin with < or | for commands.
if (here[1:1] ne "/") here = "./" . here
# Sizes of fonts are pixels of the SVG; other terminals count otherwise.
is_cairo = strstrt(GPVAL_TERMINALS, "pngcairo") > 0
font_unit = term eq "pdf" ? 0.5 : term eq "png" && !is_cairo ? 1.5 : 1
font_size(pixels) = sprintf(",%g", pixels * font_unit)
if (term eq "svg") set terminal svg size width,height font "Arial" . font_size(font) background "white"
if (term eq "pdf") set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm \
  font "Arial" . font_size(font) fontscale 1 linewidth 0.6 pointscale 0.5
if (term eq "png" && is_cairo) set terminal pngcairo size 2 * width,2 * height \
  font "Arial" . font_size(font) fontscale 1.55 linewidth 2 pointscale 2
if (term eq "png" && !is_cairo) set terminal png size 2 * width,2 * height font "Arial" . font_size(font) linewidth 2
set output here . "sweep." . term
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
points = here . "data/sweep.csv"
seeds = here . "data/sweep_seeds.csv"
spread(n) = n > 1 ? column("std") * factor : 0

set xlabel "surrogate.scale"
set ylabel "validation accuracy (%)"
set logscale x
set xrange [0.57544:1737.8]
set yrange [36.3542:98.7426]
set xtics ("1" 1, "3" 3, "10" 10, "30" 30, "100" 100, "300" 300, "1000" 1000)
set ytics 20
unset mxtics
set errorbars small
set key outside top center horizontal reverse Left samplen 1 width -2
plot points using (column("place")):(column("mean") * factor) smooth unique \
    with lines linewidth 1.6 linecolor rgb "#0072B2" notitle, \
  seeds using (beside(column("place"))):(column("value") * factor) with points pointtype 7 pointsize 0.5 \
    linecolor rgb "#8CBBDA" title "each seed", \
  points using (column("place")):(column("mean") * factor):(spread(column("n"))) with yerrorbars \
    pointtype 7 pointsize 0.8 linewidth 1.6 linecolor rgb "#0072B2" title "mean ± std (3 seeds)"
