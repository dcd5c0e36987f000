# Membrane of every readout unit during a test sample, one panel per sample; arbitrary units.
# A wrong prediction follows the arrow. Run seed_0-1677bf355ef4.
# Data: data/readout.csv (relative to this file's folder).
#
#   gnuplot readout.gp                   writes readout.svg beside this file, from any folder
#   gnuplot -e 'term="png"' readout.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 706    # pixels, of which 480 are a column's width, 8.5 cm
font = 24    # pixels, of which 2 are a point in print
array sample[15] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"]
array panel[15] = ["a", "a reversed", "b", "b reversed", "c", "c reversed", "d", "d reversed", "e", "e reversed", "f", \
  "f reversed", "g", "g reversed", "h"]
array label[15] = ["class_0", "class_1", "class_2", "class_3", "class_4", "class_5", "class_6", "class_7", "class_8", \
  "class_9", "class_10", "class_11", "class_12", "class_13", "class_14"]
array predicted[15] = ["class_0", "class_1", "class_2", "class_3", "class_4", "class_5", "class_6", "class_7", "class_8", \
  "class_9", "class_10", "class_11", "class_12", "class_13", "class_14"]

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
set output here . "readout." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
traces = here . "data/readout.csv"
when(s) = strcol("sample") eq s ? column("time_ms") : NaN
set xrange [0:1010.1]
set xtics 400
set yrange [-27.2875:24.5775]
set ytics 20

unset key
set multiplot layout 3,5 \
  margins screen 0.115,screen 0.975,screen 0.1326,screen 0.8776 \
  spacing screen 0.0375,screen 0.07479
set label 1 "time of stimulus (ms)" at screen 0.545,screen 0.0289 center
set label 2 "readout membrane (a.u.)" at screen 0.02,screen 0.5051 center rotate by 90
set arrow 3 from screen 0.2007,screen 0.9714 to screen 0.2382,screen 0.9714 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 3 "true class" at screen 0.2482,screen 0.9714 left
set arrow 4 from screen 0.3916,screen 0.9714 to screen 0.4291,screen 0.9714 nohead \
  linewidth 2 linecolor rgb "#D55E00"
set label 4 "predicted, if wrong" at screen 0.4391,screen 0.9714 left
set arrow 5 from screen 0.6856,screen 0.9714 to screen 0.7231,screen 0.9714 nohead \
  linewidth 2 linecolor rgb "#B8B8B8"
set label 5 "other classes" at screen 0.7331,screen 0.9714 left

do for [i = 1:15] {
  set title panel[i] offset 0,-0.7
  set format x (i > 10 ? "%g" : "")
  set format y ((i - 1) % 5 == 0 ? "%g" : "")
  plot for [c in "class_0 class_1 class_2 class_3 class_4 class_5 class_6 class_7 class_8 class_9 class_10 class_11 class_12 class_13 class_14 class_15 class_16 class_17 class_18 class_19"] traces using (when(sample[i])):(column(c)) \
      with lines linewidth 0.6 linecolor rgb "#B8B8B8" notitle, \
    traces using (predicted[i] eq label[i] ? NaN : when(sample[i])):(column(predicted[i])) \
      with lines linewidth 2 linecolor rgb "#D55E00" notitle, \
    traces using (when(sample[i])):(column(label[i])) \
      with lines linewidth 2 linecolor rgb "#0072B2" notitle
  unset label
  unset arrow
  unset object
}
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: dc8d2169b8c4580966231423014da796ad6da130899d957715a0d9943ceb420c
