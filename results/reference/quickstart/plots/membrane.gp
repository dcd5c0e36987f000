# Membrane of hidden units while a test sample is heard, a panel for each sample. Where a unit spikes, its line
# jumps to spike_height. Run seed_0-cc8cb166.
# Data: data/membrane.csv (seen from this file's folder).
#
#   gnuplot membrane.gp                   writes membrane.svg beside this file, from any folder
#   gnuplot -e 'term="png"' membrane.gp   the same as .png; "pdf" as .pdf

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
set output here . "membrane." . term

set encoding utf8
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

traces = here . "data/membrane.csv"
array sample[15] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"]
array name[15] = ["a", "a reversed", "b", "b reversed", "c", "c reversed", "d", "d reversed", "e", "e reversed", "f", "f reversed", "g", "g reversed", "h"]
spike_height = 5
when(s) = strcol("sample") eq s ? column("time_ms") : NaN
membrane(u) = column("spike_" . u) > 0 ? spike_height : column("membrane_" . u)

set xrange [0:1000]
set xtics 500
set yrange [-43.5855:spike_height * 1.05]
unset key
set multiplot layout 3,5 margins screen 0.07,0.972,0.11032,0.88968 \
  spacing screen 0.03,0.0640569
set label 1 "time of stimulus (ms)" at screen 0.521,screen 0.0284698 center
set label 2 "hidden membrane" at screen 0.012,screen 0.5 center rotate by 90
set arrow 1 from screen 0.313708,screen 0.97153 to screen 0.344958,screen 0.97153 nohead linewidth 1.6 \
  linecolor rgb "#0072B2"
set label 3 "unit 5" at screen 0.353292,screen 0.97153 left
set arrow 2 from screen 0.434542,screen 0.97153 to screen 0.465792,screen 0.97153 nohead linewidth 1.6 \
  linecolor rgb "#B8B8B8"
set label 4 "units 0, 1, 2" at screen 0.474125,screen 0.97153 left
set arrow 3 from screen 0.613708,screen 0.97153 to screen 0.644958,screen 0.97153 nohead linewidth 1.6 \
  dashtype (10,6) linecolor rgb "#606060"
set label 5 "threshold" at screen 0.653292,screen 0.97153 left

do for [i = 1:15] {
  set title name[i] offset 0,-0.7
  set format x (i > 10 ? "%g" : "")
  set format y ((i - 1) % 5 == 0 ? "%g" : "")
  plot for [u in "0 1 2"] traces using (when(sample[i])):(membrane(u)) \
      with lines linewidth 0.6 linecolor rgb "#B8B8B8" notitle, \
    1 with lines linewidth 0.8 dashtype (10,6) linecolor rgb "#606060" notitle, \
    traces using (when(sample[i])):(membrane("5")) \
      with lines linewidth 1.4 linecolor rgb "#0072B2" notitle
  unset label
  unset arrow
}
unset multiplot
