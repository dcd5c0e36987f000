# Spikes of 4 test samples: input above, hidden units below. A wrong prediction follows the arrow.
# Run seed_0-cc8cb166.
# Data: data/raster_input.csv, data/raster_hidden.csv (seen from this file's folder).
#
#   gnuplot raster.gp                   writes raster.svg beside this file, from any folder
#   gnuplot -e 'term="png"' raster.gp   the same as .png; "pdf" as .pdf

if (!exists("term")) term = "svg"
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }

# 480 pixels are a column of 8.5 cm.
width = 960
height = 520
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
set output here . "raster." . term

set encoding utf8
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

input = here . "data/raster_input.csv"
hidden = here . "data/raster_hidden.csv"
array sample[4] = ["0", "1", "2", "3"]
array name[4] = ["a", "a reversed", "b", "b reversed"]
units = 128
layers = 1
array colour[1] = ["#0072B2"]
when(s) = strcol("sample") eq s ? column("time_ms") : NaN

# A spike is a short upright line: pictures are a fifth of the size that they have with points.
unset key
set xrange [0:1010.1]
set xtics 500
set grid noxtics noytics
set multiplot layout 2,4 margins screen 0.08,0.972,0.12,0.93 spacing screen 0.03,0.03
set label 1 "time of stimulus (ms)" at screen 0.53,screen 0.03 center

set yrange [-0.5:700 - 0.5]
set format x ""
set ylabel "input channel" offset 1
do for [i = 1:4] {
  set title name[i] offset 0,-0.6
  plot input using (when(sample[i])):(column("channel") - 1.5):(0):(3) \
    with vectors nohead linewidth 1.2 linecolor rgb "#303030"
  unset ylabel
  unset label
  set format y ""
}

unset title
set yrange [-0.5:layers * units - 0.5]
set format x "%g"
set format y "%g"
set ylabel "hidden unit" offset 1
do for [i = 1:4] {
  plot for [l = 1:layers] hidden \
    using (column("layer") == l - 1 ? when(sample[i]) : NaN):(column("unit") + (l - 1) * units - 0.45):(0):(0.9) \
    with vectors nohead linewidth 1.7 linecolor rgb colour[l]
  unset ylabel
  set format y ""
}
unset multiplot
