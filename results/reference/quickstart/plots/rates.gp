# Histogram of the hidden units' mean firing rates over the test set. Run seed_0-cc8cb166.
# Data: data/rates.csv (seen from this file's folder).
#
#   gnuplot rates.gp                   writes rates.svg beside this file, from any folder
#   gnuplot -e 'term="png"' rates.gp   the same as .png; "pdf" as .pdf

if (!exists("term")) term = "svg"
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }

# 480 pixels are a column of 8.5 cm.
width = 480
height = 360
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
set output here . "rates." . term

set encoding utf8
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

rates = here . "data/rates.csv"
bin_width = 20
bin(rate) = bin_width * (floor(rate / bin_width) + 0.5)
stats rates using (column("rate_hz")) nooutput

set boxwidth bin_width
set xlabel "firing rate (Hz)"
set ylabel "hidden units"
set xrange [0:480]
set yrange [0:*]
set grid noxtics
set key outside top center horizontal reverse Left samplen 1.5
set arrow 1 from first STATS_mean,graph 0 to first STATS_mean,graph 1 nohead front linewidth 1.6 dashtype (10,6) \
  linecolor rgb "#000000"
plot rates using (strcol("layer") eq "0" ? bin(column("rate_hz")) : NaN):(1) smooth frequency \
    with boxes linecolor rgb "#0072B2" fillstyle solid 0.75 border linecolor rgb "#FFFFFF" title "128 hidden units, 6 silent", \
  keyentry with lines linewidth 1.6 dashtype (10,6) linecolor rgb "#000000" title sprintf("mean %.1f Hz", STATS_mean)
