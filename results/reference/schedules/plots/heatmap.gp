# validation accuracy (%) over schedule and learning_rate: mean ± sample std (number of seeds).
# Cells without a finished run are empty.
# Data: data/heatmap.csv, generated from ../aggregate.csv (relative to this file's folder).
#
#   gnuplot heatmap.gp                   writes heatmap.svg beside this file, from any folder
#   gnuplot -e 'term="png"' heatmap.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 617    # pixels, of which 480 are a column's width, 8.5 cm
font = 24    # pixels, of which 2 are a point in print
factor = 100
low = 43.0833
high = 86.8333    # ends of the colour scale
number_font = 16.0993

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
set output here . "heatmap." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
cells = here . "data/heatmap.csv"
x(i) = column("panel") == i ? column("x") : NaN
y(i) = column("y")
mean(i) = column("mean") * factor
# Viridis is dark at its lower end.
text_colour(i) = (mean(i) - low) / (high - low) > 0.55 ? 0x000000 : 0xFFFFFF
unset grid
set tics scale 0
set border 15
set xrange [0.5:7.5]
set yrange [0.5:3.5]
set palette defined (0 "#440154", 1 "#472D7B", 2 "#3B528B", 3 "#2C728E", 4 "#21918C", 5 "#28AE80", 6 "#5EC962", 7 "#ADDC30", 8 "#FDE725")
set cbrange [low:high]
set cbtics 10
set colorbox user origin screen 0.913,screen 0.4786 \
  size screen 0.0225,screen 0.4437

unset key
set multiplot layout 1,1 \
  margins screen 0.1837,screen 0.8955,screen 0.4786,screen 0.9222 \
  spacing screen 0.0375,screen 0.0389
set label 1 "schedule" at screen 0.5396,screen 0.03306 center
set label 2 "learning_rate" at screen 0.02,screen 0.7004 center rotate by 90
set label 3 "validation accuracy (%): mean ± sample std (number of seeds)" at screen 0.1716,screen 0.9673 left

do for [i = 1:1] {
  set format x (i > 0 ? "%g" : "")
  set format y ((i - 1) % 1 == 0 ? "%g" : "")
  if (i > 0) { set xtics scale 0 rotate by 45 right ("constant" 1, "constant warmup_epochs 5" 2, "step" 3, "cosine" 4, "cosine warmup_epochs 5" 5, "one_cycle" 6, "plateau" 7) } else { unset xtics }
  if ((i - 1) % 1 == 0) { set ytics scale 0 ("0.001" 1, "0.003" 2, "0.01" 3) } else { unset ytics }
  plot cells using (x(i)):(y(i)):(x(i) - 0.49):(x(i) + 0.49):(y(i) - 0.49):(y(i) + 0.49):(mean(i)) \
      with boxxyerror palette fillstyle solid noborder, \
    cells using (x(i)):(y(i) + (column("n") > 1 ? 0.17 : 0)):\
      (sprintf("%.1f", mean(i))):(text_colour(i)) \
      with labels font font_size(number_font) textcolor rgb variable, \
    cells using (column("n") == 0 && column("n_failed") > 0 ? x(i) : NaN):(y(i)):("failed") \
      with labels font font_size(number_font) textcolor rgb "#707070", \
    cells using (column("n") > 1 ? x(i) : NaN):(y(i) - 0.2):\
      (sprintf("± %.1f (%d)", column("std") * factor, column("n"))):(text_colour(i)) \
      with labels font font_size(number_font) textcolor rgb variable, \
    NaN
  unset label
  unset arrow
  unset object
  unset colorbox
}
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 8bc013f825b9f8c65952636c35668b8c26bf8116393c366a1ff0b3143c3d1866
