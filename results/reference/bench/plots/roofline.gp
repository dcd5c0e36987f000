# Operations per second of each phase against its operations per byte, under the machine's limits (2 threads, avx512 kernels).
# A larger mark has more hidden units.
# Data: ../phases.csv (seen from this file's folder).
#
#   gnuplot roofline.gp                   writes roofline.svg beside this file, from any folder
#   gnuplot -e 'term="png"' roofline.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 680
height = 470    # pixels, of which 480 are a column's width, 8.5 cm
font = 15    # pixels, of which 2 are a point in print

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
set output here . "roofline." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
phases = here . "../phases.csv"
is_of(phase) = strcol("phase") eq phase && column("threads") == 2
intensity(is_drawn) = is_drawn ? column("operations_per_sample") / column("bytes_per_sample") : NaN
rate(unit) = column("operations_per_sample") / column("seconds_per_sample") / unit
size(hidden) = 0.45 + 0.25 * log(hidden / 64.0) / log(2)
min(a, b) = a < b ? a : b

set logscale xy
low = 5.10458
high = 1149.65
set xrange [0.1:30]
set yrange [low:high]
set samples 400
# The angle on the page of a line of slope 1 on these two logarithmic axes.
slope = atan(360.5 / 596 * log(300) / log(high / low)) * 180 / pi
set label 101 "L1 1150 GB/s" at 0.115,132.214 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#303030"
set label 102 "L2 561 GB/s" at 0.115,64.5496 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#606060"
set label 103 "L3 245 GB/s" at 0.115,28.1927 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#8A8A8A"
set label 104 "memory 102 GB/s" at 0.115,11.7405 rotate by slope left offset 0,0.5 font font_size(11) textcolor rgb "#ACACAC"
set label 105 "multiply-adds 575 GFLOP/s" at \
  26.087,574.823 right offset 0,0.6 font font_size(11)
unset key
set multiplot layout 1,1 \
  margins screen 0.1015,screen 0.9779,screen 0.1245,screen 0.8915 \
  spacing screen 0.03309,screen 0.03191
set label 1 "operations per byte" at screen 0.5397,screen 0.02713 center
set label 2 "GFLOP/s" at screen 0.01765,screen 0.508 center rotate by 90
set label 3 "input" at screen 0.1224,screen 0.9732 left point pointtype 7 pointsize 0.8 linecolor rgb "#0072B2" offset screen 0.02206,0
set label 4 "hidden" at screen 0.2217,screen 0.9732 left point pointtype 5 pointsize 0.8 linecolor rgb "#D55E00" offset screen 0.02206,0
set label 5 "readout" at screen 0.3404,screen 0.9732 left point pointtype 9 pointsize 0.8 linecolor rgb "#009E73" offset screen 0.02206,0
set label 6 "backward" at screen 0.4682,screen 0.9732 left point pointtype 11 pointsize 0.8 linecolor rgb "#CC79A7" offset screen 0.02206,0
set label 7 "input gradient" at screen 0.6168,screen 0.9732 left point pointtype 13 pointsize 0.8 linecolor rgb "#E69F00" offset screen 0.02206,0
set label 8 "spike gradient" at screen 0.807,screen 0.9732 left point pointtype 6 pointsize 0.8 linecolor rgb "#56B4E9" offset screen 0.02206,0
set label 9 "optimizer" at screen 0.4901,screen 0.9285 left point pointtype 4 pointsize 0.8 linecolor rgb "#000000" offset screen 0.02206,0

plot min(574.823, 1149.69 * x) with lines linewidth 1.4 linecolor rgb "#303030" notitle, \
  min(574.823, 561.301 * x) with lines linewidth 1.4 linecolor rgb "#606060" notitle, \
  min(574.823, 245.154 * x) with lines linewidth 1.4 linecolor rgb "#8A8A8A" notitle, \
  min(574.823, 102.092 * x) with lines linewidth 1.4 linecolor rgb "#ACACAC" notitle, \
  phases using (intensity(is_of("input"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 7 pointsize variable linewidth 1.4 linecolor rgb "#0072B2" notitle, \
  phases using (intensity(is_of("hidden"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 5 pointsize variable linewidth 1.4 linecolor rgb "#D55E00" notitle, \
  phases using (intensity(is_of("readout"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 9 pointsize variable linewidth 1.4 linecolor rgb "#009E73" notitle, \
  phases using (intensity(is_of("backward"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 11 pointsize variable linewidth 1.4 linecolor rgb "#CC79A7" notitle, \
  phases using (intensity(is_of("input_gradient"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 13 pointsize variable linewidth 1.4 linecolor rgb "#E69F00" notitle, \
  phases using (intensity(is_of("spike_gradient"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 6 pointsize variable linewidth 1.4 linecolor rgb "#56B4E9" notitle, \
  phases using (intensity(is_of("optimizer"))):(rate(1e9)):(size(column("hidden"))) with points pointtype 4 pointsize variable linewidth 1.4 linecolor rgb "#000000" notitle
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 18a8718572d78db77e864aecc8761c9ca462193de81581866949f7d6072587c8
