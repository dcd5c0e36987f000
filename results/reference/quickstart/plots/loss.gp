# Loss per epoch. Thin: each run. Thick: mean over seeds.
# Data: ../history.csv (seen from this file's folder).
#
#   gnuplot loss.gp                   writes loss.svg beside this file, from any folder
#   gnuplot -e 'term="png"' loss.gp   the same as .png; "pdf" as .pdf

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
set output here . "loss." . term

set encoding utf8
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

history = here . "../history.csv"
epoch(is_drawn) = is_drawn ? column("epoch") : NaN

set xlabel "epoch"
set ylabel "loss"
set xrange [0:*]
set xtics autofreq
low = 1e300
high = -1e300
stats history using (column("train_loss")) nooutput
low = STATS_min < low ? STATS_min : low
high = STATS_max > high ? STATS_max : high
stats history using (column("test_loss")) nooutput
low = STATS_min < low ? STATS_min : low
high = STATS_max > high ? STATS_max : high
if (low > 0 && high / low > 10) {
  set logscale y
  set yrange [low / 1.1:high * 1.1]
} else {
  set yrange [0:*]
}

set key outside top center horizontal reverse Left samplen 2
plot history using (column("epoch")):(column("train_loss")) smooth unique \
    with lines linewidth 2.2 linecolor rgb "#0072B2" title "train", \
  history using (column("epoch")):(column("test_loss")) smooth unique \
    with lines linewidth 2.2 linecolor rgb "#D55E00" title "test"
