# Silent fraction (%) per epoch. 12 points of the sweep: a colour is a value of tau_mem (ms), a panel one of hidden; a line is the mean over seeds.
# Bands reach from the lowest to the highest of up to 5 seeds.
# Data: data/silent_fraction.csv, made of ../history.csv (seen from this file's folder).
#
#   gnuplot silent_fraction.gp                   writes silent_fraction.svg beside this file, from any folder
#   gnuplot -e 'term="png"' silent_fraction.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 309    # pixels, of which 480 are a column's width, 8.5 cm
font = 20    # pixels, of which 2 are a point in print
factor = 100
# The lines of each panel, by the column line of the data.
array solid[3] = ["1 2 3 4", "5 6 7 8", "9 10 11 12"]
array banded[3] = ["1 2 3 4", "5 6 7 8", "9 10 11 12"]
# The colour of each line.
array colour[12] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#0072B2", \
  "#D55E00", "#009E73", "#CC79A7"]
array panel[3] = ["hidden 64", "hidden 128", "hidden 256"]

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
set output here . "silent_fraction." . term
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
curves = here . "data/silent_fraction.csv"
line(list, k) = k > words(list) ? 1 : int(word(list, k))
of(list, k) = column("line") == line(list, k) ? column("epoch") : NaN
set xrange [1:60]
set xtics 20
set yrange [0:100]
set ytics 25

unset key
set multiplot layout 1,3 \
  margins screen 0.09583,screen 0.9792,screen 0.233,screen 0.7832 \
  spacing screen 0.03125,screen 0.1262
set label 1 "epoch" at screen 0.5375,screen 0.05502 center
set label 2 "silent fraction (%)" at screen 0.01667,screen 0.5081 center rotate by 90
set label 3 "tau_mem (ms):" at screen 0.131,screen 0.9456 left
set arrow 4 from screen 0.3077,screen 0.9456 to screen 0.339,screen 0.9456 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 4 "5" at screen 0.3473,screen 0.9456 left
set arrow 5 from screen 0.384,screen 0.9456 to screen 0.4152,screen 0.9456 nohead \
  linewidth 2 linecolor rgb "#D55E00"
set label 5 "10" at screen 0.4235,screen 0.9456 left
set arrow 6 from screen 0.4719,screen 0.9456 to screen 0.5031,screen 0.9456 nohead \
  linewidth 2 linecolor rgb "#009E73"
set label 6 "20" at screen 0.5115,screen 0.9456 left
set arrow 7 from screen 0.5598,screen 0.9456 to screen 0.591,screen 0.9456 nohead \
  linewidth 2 linecolor rgb "#CC79A7"
set label 7 "40" at screen 0.5994,screen 0.9456 left
set object 8 rectangle from screen 0.6477,screen 0.923 \
  to screen 0.679,screen 0.9683 fillcolor rgb "#404040" fillstyle solid 0.25 noborder
set label 8 "min–max of seeds (≤ 5)" at screen 0.6873,screen 0.9456 left

do for [i = 1:3] {
  set title panel[i] offset 0,-0.7
  set format x (i > 0 ? "%g" : "")
  set format y ((i - 1) % 3 == 0 ? "%g" : "")
  plot for [k = 1:words(banded[i])] curves using (of(banded[i], k)):(column("min") * factor):(column("max") * factor) \
      with filledcurves linecolor rgb colour[line(banded[i], k)] fillstyle transparent solid 0.2 noborder, \
    for [k = 1:words(solid[i])] curves using (of(solid[i], k)):(column("mean") * factor) \
      with lines linewidth 2 linecolor rgb colour[line(solid[i], k)], \
    NaN
  unset label
  unset arrow
  unset object
}
unset multiplot
