# Validation loss per epoch. One colour per sweep point; a line is the mean over seeds.
# Bands reach from the lowest to the highest of up to 5 seeds.
# Data: data/loss.csv, generated from ../history.csv (relative to this file's folder).
#
#   gnuplot loss.gp                   writes loss.svg beside this file, from any folder
#   gnuplot -e 'term="png"' loss.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 480
height = 371    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print
top = 3.17465    # end of the axis of y
factor = 1
# The lines of each panel, by the column line of the data.
array lines_1[1] = ["1 2 6"]    # linewidth 2
array lines_2[1] = ["3 4"]    # linewidth 2 dashtype (10,4)
array lines_3[1] = ["5"]    # linewidth 2 dashtype (10,3,2,3)
array banded[1] = ["1 2 3 4 5 6"]
# The colour of each line.
array colour[6] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]

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
set output here . "loss." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
curves = here . "data/loss.csv"
line(list, k) = k > words(list) ? 1 : int(word(list, k))
of(list, k) = column("line") == line(list, k) ? column("epoch") : NaN
# Lines leave the panel at its top; far above it terminals have no numbers.
below(y, most) = y > most ? most : y
drawn(name) = below(column(name) * factor, 2 * top)
band(name) = below(column(name) * factor, top)
set xrange [1:40]
set xtics 10
set yrange [0:top]
set ytics 1

unset key
set multiplot layout 1,1 \
  margins screen 0.1437,screen 0.9688,screen 0.1577,screen 0.8059 \
  spacing screen 0.04688,screen 0.04043
set label 1 "epoch" at screen 0.5563,screen 0.03437 center
set label 2 "validation loss" at screen 0.025,screen 0.4818 center rotate by 90
set label 3 "augment:" at screen 0.2421,screen 0.966 left
set arrow 4 from screen 0.4177,screen 0.966 to screen 0.4646,screen 0.966 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 4 "none" at screen 0.4771,screen 0.966 left
set arrow 5 from screen 0.5882,screen 0.966 to screen 0.6351,screen 0.966 nohead \
  linewidth 2 linecolor rgb "#D55E00"
set label 5 "channel_shift 4" at screen 0.6476,screen 0.966 left
set arrow 6 from screen 0.1249,screen 0.9094 to screen 0.1718,screen 0.9094 nohead \
  linewidth 2.02 dashtype (10,4) linecolor rgb "#009E73"
set label 6 "time_stretch 0.2" at screen 0.1843,screen 0.9094 left
set arrow 7 from screen 0.4574,screen 0.9094 to screen 0.5043,screen 0.9094 nohead \
  linewidth 2.02 dashtype (10,4) linecolor rgb "#CC79A7"
set label 7 "drop_events 0.2" at screen 0.5168,screen 0.9094 left
set arrow 8 from screen 0.7918,screen 0.9094 to screen 0.8387,screen 0.9094 nohead \
  linewidth 2.02 dashtype (10,3,2,3) linecolor rgb "#E69F00"
set label 8 "blend 0.5" at screen 0.8512,screen 0.9094 left
set arrow 9 from screen 0.06308,screen 0.8528 to screen 0.11,screen 0.8528 nohead \
  linewidth 2 linecolor rgb "#56B4E9"
set label 9 "channel_shift 4 time_stretch 0.2" at screen 0.1225,screen 0.8528 left
set object 10 rectangle from screen 0.6276,screen 0.8387 \
  to screen 0.6745,screen 0.867 fillcolor rgb "#404040" \
  fillstyle solid 0.25 noborder
set label 10 "min–max of 5 seeds" at screen 0.687,screen 0.8528 left

do for [i = 1:1] {
  set format x (i > 0 ? "%g" : "")
  set format y ((i - 1) % 1 == 0 ? "%g" : "")
  plot for [k = 1:words(banded[i])] curves using (of(banded[i], k)):(band("min")):(band("max")) \
      with filledcurves linecolor rgb colour[line(banded[i], k)] fillstyle transparent solid 0.2 noborder, \
    for [k = 1:words(lines_1[i])] curves using (of(lines_1[i], k)):(drawn("mean")) \
      with lines linewidth 2 linecolor rgb colour[line(lines_1[i], k)], \
    for [k = 1:words(lines_2[i])] curves using (of(lines_2[i], k)):(drawn("mean")) \
      with lines linewidth 2 dashtype (10,4) linecolor rgb colour[line(lines_2[i], k)], \
    for [k = 1:words(lines_3[i])] curves using (of(lines_3[i], k)):(drawn("mean")) \
      with lines linewidth 2 dashtype (10,3,2,3) linecolor rgb colour[line(lines_3[i], k)], \
    NaN
  unset label
  unset arrow
  unset object
}
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: f8af8503150edb4b836da6e133df101582cbea99fa0b4e995d145e2bf368d0c7
