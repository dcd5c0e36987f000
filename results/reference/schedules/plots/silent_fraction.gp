# Silent fraction (%) per epoch. 21 points of the sweep: a colour is a value of schedule, a panel one of learning_rate; a line is the mean over seeds.
# Bands reach from the lowest to the highest of up to 3 seeds.
# Data: data/silent_fraction.csv, generated from ../history.csv (relative to this file's folder).
#
#   gnuplot silent_fraction.gp                   writes silent_fraction.svg beside this file, from any folder
#   gnuplot -e 'term="png"' silent_fraction.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 447    # pixels, of which 480 are a column's width, 8.5 cm
font = 24    # pixels, of which 2 are a point in print
top = 100    # end of the axis of y
factor = 100
# The lines of each panel, by the column line of the data.
array lines_1[3] = ["1 2 6 7", "8 9 13 14", "15 16 20 21"]    # linewidth 2
array lines_2[3] = ["3 4", "10 11", "17 18"]    # linewidth 2 dashtype (10,4)
array lines_3[3] = ["5", "12", "19"]    # linewidth 2 dashtype (10,3,2,3)
array banded[3] = ["1 2 3 4 5 6 7", "8 9 10 11 12 13 14", "15 16 17 18 19 20 21"]
# The colour of each line.
array colour[21] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#0072B2", "#D55E00", \
  "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", \
  "#E69F00", "#56B4E9", "#000000"]
array panel[3] = ["learning_rate 0.001", "learning_rate 0.003", "learning_rate 0.01"]

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
set output here . "silent_fraction." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
curves = here . "data/silent_fraction.csv"
line(list, k) = k > words(list) ? 1 : int(word(list, k))
of(list, k) = column("line") == line(list, k) ? column("epoch") : NaN
# Lines leave the panel at its top; far above it terminals have no numbers.
below(y, most) = y > most ? most : y
drawn(name) = below(column(name) * factor, 2 * top)
band(name) = below(column(name) * factor, top)
set xrange [1:30]
set xtics 10
set yrange [0:top]
set ytics 25

unset key
set multiplot layout 1,3 \
  margins screen 0.115,screen 0.975,screen 0.2094,screen 0.6564 \
  spacing screen 0.0375,screen 0.1181
set label 1 "epoch" at screen 0.545,screen 0.04564 center
set label 2 "silent fraction (%)" at screen 0.02,screen 0.4329 center rotate by 90
set label 3 "schedule:" at screen 0.1349,screen 0.9549 left
set arrow 4 from screen 0.2783,screen 0.9549 to screen 0.3158,screen 0.9549 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 4 "constant" at screen 0.3258,screen 0.9549 left
set arrow 5 from screen 0.456,screen 0.9549 to screen 0.4935,screen 0.9549 nohead \
  linewidth 2 linecolor rgb "#D55E00"
set label 5 "constant warmup_epochs 5" at screen 0.5035,screen 0.9549 left
set arrow 6 from screen 0.8575,screen 0.9549 to screen 0.895,screen 0.9549 nohead \
  linewidth 2.02 dashtype (10,4) linecolor rgb "#009E73"
set label 6 "step" at screen 0.905,screen 0.9549 left
set arrow 7 from screen 0.1134,screen 0.8797 to screen 0.1509,screen 0.8797 nohead \
  linewidth 2.02 dashtype (10,4) linecolor rgb "#CC79A7"
set label 7 "cosine" at screen 0.1609,screen 0.8797 left
set arrow 8 from screen 0.2675,screen 0.8797 to screen 0.305,screen 0.8797 nohead \
  linewidth 2.02 dashtype (10,3,2,3) linecolor rgb "#E69F00"
set label 8 "cosine warmup_epochs 5" at screen 0.315,screen 0.8797 left
set arrow 9 from screen 0.6454,screen 0.8797 to screen 0.6829,screen 0.8797 nohead \
  linewidth 2 linecolor rgb "#56B4E9"
set label 9 "one_cycle" at screen 0.6929,screen 0.8797 left
set arrow 10 from screen 0.8422,screen 0.8797 to screen 0.8797,screen 0.8797 nohead \
  linewidth 2 linecolor rgb "#000000"
set label 10 "plateau" at screen 0.8897,screen 0.8797 left
set object 11 rectangle from screen 0.401,screen 0.7858 \
  to screen 0.4385,screen 0.8234 fillcolor rgb "#404040" \
  fillstyle solid 0.25 noborder
set label 11 "min–max of 3 seeds" at screen 0.4485,screen 0.8046 left

do for [i = 1:3] {
  set title panel[i] offset 0,-0.7
  set format x (i > 0 ? "%g" : "")
  set format y ((i - 1) % 3 == 0 ? "%g" : "")
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
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 0d32de01cb178881930540d368be71686ec63c653320bbf121a39ac9467d06e6
