# validation accuracy (%) against augment: mean and sample standard deviation (n - 1) over 5 seeds, each seed a faint point.
# Data: data/sweep.csv and data/sweep_seeds.csv, generated from ../aggregate.csv and ../summary.csv (relative to this file's folder).
#
#   gnuplot sweep.gp                   writes sweep.svg beside this file, from any folder
#   gnuplot -e 'term="png"' sweep.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 480
height = 457    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print
factor = 100
beside(place) = place - 0.12    # where the seeds stand

# ---- Set-up: the folder of this file, the kind of picture, the style
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }
# gnuplot takes names that begin with < or | for commands.
if (here[1:1] ne "/") here = "./" . here
# Sizes are pixels of the SVG. The terminals of Cairo take points of 1/72 inch for pixels of 1/96 inch; they draw dashes,
# and pngcairo points, smaller than svg, and all ticks half as long.
is_cairo = term eq "pdf" || (term eq "png" && strstrt(GPVAL_TERMINALS, "pngcairo") > 0)
font_unit = term eq "pdf" ? 0.5 : term eq "png" && !is_cairo ? 1.5 : 1
font_size(pixels) = sprintf(",%g", pixels * font_unit)
tic_scale = is_cairo ? 1 : 0.5
if (term eq "svg") set terminal svg size width,height font "Arial" . font_size(font) background "white"
if (term eq "pdf") set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm \
  font "Arial" . font_size(font) fontscale 0.75 linewidth 1 pointscale 1 dashlength 1.8
if (term eq "png" && is_cairo) set terminal pngcairo size 2 * width,2 * height \
  font "Arial" . font_size(font) fontscale 1.5 linewidth 2 pointscale 4 dashlength 1.96
if (term eq "png" && !is_cairo) set terminal png size 2 * width,2 * height font "Arial" . font_size(font) linewidth 2
# The picture's ending; while it is drawn, another one.
if (!exists("ending")) ending = term
set output here . "sweep." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
points = here . "data/sweep.csv"
seeds = here . "data/sweep_seeds.csv"
spread(n) = n > 1 ? column("std") * factor : 0

set xrange [0.5:6.5]
set yrange [51.5988:68.5213]
set xtics rotate by 45 right ("none" 1, "channel_shift 4" 2, "time_stretch 0.2" 3, "drop_events 0.2" 4, "blend 0.5" 5, "channel_shift 4 time_str…" 6)
set ytics 5
set errorbars small
unset key
set multiplot layout 1,1 \
  margins screen 0.2188,screen 0.9688,screen 0.3873,screen 0.9344 \
  spacing screen 0.04688,screen 0.03282
set label 1 "augment" at screen 0.5938,screen 0.0279 center
set label 2 "validation accuracy (%)" at screen 0.025,screen 0.6608 center rotate by 90
set label 3 "" at screen 0.2655,screen 0.9724 point pointtype 7 pointsize 0.8 linecolor rgb "#8CBBDA"
set label 4 "each seed" at screen 0.2843,screen 0.9724 left
set label 5 "" at screen 0.4871,screen 0.9724 point pointtype 7 pointsize 0.8 linecolor rgb "#0072B2"
set label 6 "mean ± sample std (5 seeds)" at screen 0.5059,screen 0.9724 left

plot seeds using (beside(column("place"))):(column("value") * factor) with points pointtype 7 pointsize 0.5 \
    linecolor rgb "#8CBBDA" notitle, \
  points using (column("place")):(column("mean") * factor):(spread(column("n"))) with yerrorbars \
    pointtype 7 pointsize 0.8 linewidth 1.6 linecolor rgb "#0072B2" notitle
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 1b8ff969d615bbdca271b3470794ded06114adbf39b9fe2a542631ed9b063dd1
