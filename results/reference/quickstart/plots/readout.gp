# Membrane of every readout unit while a test sample is heard, a panel for each sample.
# A wrong prediction follows the arrow. Run seed_0-cc8cb166.
# Data: data/readout.csv (seen from this file's folder).
#
#   gnuplot readout.gp                   writes readout.svg beside this file, from any folder
#   gnuplot -e 'term="png"' readout.gp   the same as .png; "pdf" as .pdf

if (!exists("term")) term = "svg"
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }

# 480 pixels are a column of 8.5 cm.
width = 960
height = 562
if (term eq "svg") {
  set terminal svg size width,height font "Arial,15" background "white"
  font_size(pixels) = sprintf(",%g", pixels)
} else { if (term eq "pdf") {
  set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm font "Arial,7.5" fontscale 1 linewidth 0.6 \
    pointscale 0.5
  font_size(pixels) = sprintf(",%g", pixels / 2.0)
} else { if (strstrt(GPVAL_TERMINALS, "pngcairo") > 0) {
  set terminal pngcairo size 2 * width,2 * height font "Arial,15" fontscale 1.55 linewidth 2 pointscale 2
  font_size(pixels) = sprintf(",%g", pixels)
} else {
  set terminal png size 2 * width,2 * height font "Arial,22" linewidth 2
  font_size(pixels) = sprintf(",%g", 1.5 * pixels)
} } }
set output here . "readout." . term

set encoding utf8
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

traces = here . "data/readout.csv"
array sample[15] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"]
array name[15] = ["a", "a reversed", "b", "b reversed", "c", "c reversed", "d", "d reversed", "e", "e reversed", "f", "f reversed", "g", "g reversed", "h"]
array label[15] = ["class_0", "class_1", "class_2", "class_3", "class_4", "class_5", "class_6", "class_7", "class_8", "class_9", "class_10", "class_11", "class_12", "class_13", "class_14"]
array predicted[15] = ["class_0", "class_1", "class_2", "class_3", "class_4", "class_5", "class_6", "class_7", "class_8", "class_9", "class_10", "class_11", "class_12", "class_13", "class_14"]
when(s) = strcol("sample") eq s ? column("time_ms") : NaN

set xrange [0:1010.1]
set xtics 500
set yrange [-68.727:26.247]
unset key
set multiplot layout 3,5 margins screen 0.07,0.972,0.11032,0.88968 \
  spacing screen 0.03,0.0640569
set label 1 "time of stimulus (ms)" at screen 0.521,screen 0.0284698 center
set label 2 "readout membrane" at screen 0.012,screen 0.5 center rotate by 90
set arrow 1 from screen 0.255375,screen 0.97153 to screen 0.286625,screen 0.97153 nohead linewidth 1.6 \
  linecolor rgb "#0072B2"
set label 3 "true class" at screen 0.294958,screen 0.97153 left
set arrow 2 from screen 0.409542,screen 0.97153 to screen 0.440792,screen 0.97153 nohead linewidth 1.6 \
  linecolor rgb "#D55E00"
set label 4 "predicted, if wrong" at screen 0.449125,screen 0.97153 left
set arrow 3 from screen 0.638708,screen 0.97153 to screen 0.669958,screen 0.97153 nohead linewidth 1.6 \
  linecolor rgb "#B8B8B8"
set label 5 "other classes" at screen 0.678292,screen 0.97153 left

do for [i = 1:15] {
  set title name[i] offset 0,-0.7
  set format x (i > 10 ? "%g" : "")
  set format y ((i - 1) % 5 == 0 ? "%g" : "")
  plot for [c in "class_0 class_1 class_2 class_3 class_4 class_5 class_6 class_7 class_8 class_9 class_10 class_11 class_12 class_13 class_14 class_15 class_16 class_17 class_18 class_19"] traces using (when(sample[i])):(column(c)) \
      with lines linewidth 0.6 linecolor rgb "#B8B8B8" notitle, \
    traces using (predicted[i] eq label[i] ? NaN : when(sample[i])):(column(predicted[i])) \
      with lines linewidth 1.8 linecolor rgb "#D55E00" notitle, \
    traces using (when(sample[i])):(column(label[i])) \
      with lines linewidth 1.8 linecolor rgb "#0072B2" notitle
  unset label
  unset arrow
}
unset multiplot
