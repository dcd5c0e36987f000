# Operations per second of each phase against its operations per byte, under the machine's limits (2 threads, avx512 kernels).
# A larger mark has more hidden units.
# Data: ../phases.csv (seen from this file's folder).
#
#   gnuplot roofline.gp                   writes roofline.svg beside this file, from any folder
#   gnuplot -e 'term="png"' roofline.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 680
height = 480    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print

# ---- Set-up: the folder of this file, the kind of picture, the style
here = ARG0
while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }
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
set output here . "roofline." . term
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
phases = here . "../phases.csv"
is_of(phase) = strcol("phase") eq phase && column("threads") == 2
intensity(is_drawn) = is_drawn ? column("operations_per_sample") / column("bytes_per_sample") : NaN
rate(unit) = column("operations_per_sample") / column("seconds_per_sample") / unit
size(hidden) = 0.45 + 0.25 * log(hidden / 64.0) / log(2)
min(a, b) = a < b ? a : b

set logscale xy
set xlabel "operations per byte"
set ylabel "GFLOP/s"
low = 5.10458
high = 1149.65
set xrange [0.1:30]
set yrange [low:high]
set samples 400
set lmargin 9
set rmargin 3
set bmargin 4
set tmargin 3
set key outside top center horizontal reverse Left samplen 1.5
# The angle on the page of a line of slope 1 on these two logarithmic axes.
slope = atan((height - 130.0) / (width - 110.0) * log(300) / log(high / low)) * 180 / pi
set label 1 "L1 1150 GB/s" at 0.115,132.214 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#303030"
set label 2 "L2 561 GB/s" at 0.115,64.5496 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#606060"
set label 3 "L3 245 GB/s" at 0.115,28.1927 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#8A8A8A"
set label 4 "memory 102 GB/s" at 0.115,11.7405 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#ACACAC"
set label 5 "multiply-adds 575 GFLOP/s" at \
  26.087,574.823 right offset 0,0.6 font font_size(11)
plot min(574.823, 1149.69 * x) with lines linewidth 1.4 linecolor rgb "#303030" notitle, \
  min(574.823, 561.301 * x) with lines linewidth 1.4 linecolor rgb "#606060" notitle, \
  min(574.823, 245.154 * x) with lines linewidth 1.4 linecolor rgb "#8A8A8A" notitle, \
  min(574.823, 102.092 * x) with lines linewidth 1.4 linecolor rgb "#ACACAC" notitle, \
  phases using (intensity(is_of("input"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 7 pointsize variable linewidth 1.4 linecolor rgb "#0072B2" title "input", \
  phases using (intensity(is_of("hidden"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 5 pointsize variable linewidth 1.4 linecolor rgb "#D55E00" title "hidden", \
  phases using (intensity(is_of("readout"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 9 pointsize variable linewidth 1.4 linecolor rgb "#009E73" title "readout", \
  phases using (intensity(is_of("backward"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 11 pointsize variable linewidth 1.4 linecolor rgb "#CC79A7" title "backward", \
  phases using (intensity(is_of("input_gradient"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 13 pointsize variable linewidth 1.4 linecolor rgb "#E69F00" title "input_gradient", \
  phases using (intensity(is_of("spike_gradient"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 6 pointsize variable linewidth 1.4 linecolor rgb "#56B4E9" title "spike_gradient", \
  phases using (intensity(is_of("optimizer"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 4 pointsize variable linewidth 1.4 linecolor rgb "#000000" title "optimizer"
