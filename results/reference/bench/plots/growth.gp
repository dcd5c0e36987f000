# Time of training against one quantity at a time, by phase (2 threads, avx512 kernels).
# Data: ../growth.csv (seen from this file's folder).
#
#   gnuplot growth.gp                   writes growth.svg beside this file, from any folder
#   gnuplot -e 'term="png"' growth.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 867    # pixels, of which 480 are a column's width, 8.5 cm
font = 24    # pixels, of which 2 are a point in print
array phases[9] = ["input", "hidden", "readout", "sort", "backward", "input_gradient", "spike_gradient", "optimizer", \
  "total"]
array colours[9] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#332288", "#000000"]

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
set output here . "growth." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
growth = here . "../growth.csv"
is_of(quantity, phase) = strcol("quantity") eq quantity && strcol("phase") eq phase
value_of(quantity, phase) = is_of(quantity, phase) ? column("value") : NaN
set logscale xy
set format "%g"
unset key
set multiplot layout 2,2 \
  margins screen 0.1425,screen 0.975,screen 0.1329,screen 0.9059 \
  spacing screen 0.1425,screen 0.1273
set label 1 "" at screen 0.5587,screen 0.02353 center
set label 2 "" at screen 0.02,screen 0.5194 center rotate by 90
set arrow 3 from screen 0.1878,screen 0.9767 to screen 0.2253,screen 0.9767 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 3 "input" at screen 0.2353,screen 0.9767 left
set arrow 4 from screen 0.3227,screen 0.9767 to screen 0.3602,screen 0.9767 nohead \
  linewidth 2 linecolor rgb "#D55E00"
set label 4 "hidden" at screen 0.3702,screen 0.9767 left
set arrow 5 from screen 0.4798,screen 0.9767 to screen 0.5173,screen 0.9767 nohead \
  linewidth 2 linecolor rgb "#009E73"
set label 5 "readout" at screen 0.5273,screen 0.9767 left
set arrow 6 from screen 0.6471,screen 0.9767 to screen 0.6846,screen 0.9767 nohead \
  linewidth 2 linecolor rgb "#CC79A7"
set label 6 "sort" at screen 0.6946,screen 0.9767 left
set arrow 7 from screen 0.7688,screen 0.9767 to screen 0.8063,screen 0.9767 nohead \
  linewidth 2 linecolor rgb "#E69F00"
set label 7 "backward" at screen 0.8163,screen 0.9767 left
set arrow 8 from screen 0.06397,screen 0.938 to screen 0.1015,screen 0.938 nohead \
  linewidth 2 linecolor rgb "#56B4E9"
set label 8 "input gradient" at screen 0.1115,screen 0.938 left
set arrow 9 from screen 0.302,screen 0.938 to screen 0.3395,screen 0.938 nohead \
  linewidth 2 linecolor rgb "#882255"
set label 9 "spike gradient" at screen 0.3495,screen 0.938 left
set arrow 10 from screen 0.5445,screen 0.938 to screen 0.582,screen 0.938 nohead \
  linewidth 2 linecolor rgb "#332288"
set label 10 "optimizer" at screen 0.592,screen 0.938 left
set arrow 11 from screen 0.7295,screen 0.938 to screen 0.767,screen 0.938 nohead \
  linewidth 2 linecolor rgb "#000000"
set label 11 "total" at screen 0.777,screen 0.938 left
set arrow 12 from screen 0.8571,screen 0.938 to screen 0.8946,screen 0.938 nohead \
  linewidth 2 dashtype (8,5) linecolor rgb "#A0A0A0"
set label 12 "slope 1" at screen 0.9046,screen 0.938 left

# ---- hidden units
set xlabel "hidden units" offset 0,0.2
set ylabel "µs per sample" offset 0.5,0
set xrange [13.913:2355.2]
set yrange [0.0539583:4783.87]
set xtics ("16" 16, "" 32, "64" 64, "" 128, "256" 256, "" 512, "1024" 1024, "" 2048)
plot 0.778625 * x with lines linewidth 1.6 dashtype (8,5) linecolor rgb "#A0A0A0", \
  for [i=1:|phases|] growth using (value_of("hidden", phases[i])):(column("seconds_per_sample") * 1e6) \
  with linespoints pointtype 7 pointsize 0.5 linewidth (i == |phases| ? 3 : 1.8) linecolor rgb colours[i]
  unset label
  unset arrow
  unset object
# ---- time bins
set xlabel "time bins" offset 0,0.2
set ylabel "µs per sample" offset 0.5,0
set xrange [21.7391:920]
set yrange [0.238859:266.982]
set xtics ("25" 25, "" 50, "100" 100, "" 200, "400" 400, "" 800)
plot 0.111242 * x with lines linewidth 1.6 dashtype (8,5) linecolor rgb "#A0A0A0", \
  for [i=1:|phases|] growth using (value_of("steps", phases[i])):(column("seconds_per_sample") * 1e6) \
  with linespoints pointtype 7 pointsize 0.5 linewidth (i == |phases| ? 3 : 1.8) linecolor rgb colours[i]
  unset label
  unset arrow
  unset object
# ---- input events per sample
set xlabel "input events per sample" offset 0,0.2
set ylabel "µs per sample" offset 0.5,0
set xrange [430.424:24545]
set yrange [0.286338:82.9263]
set xtics ("500" 500, "" 1000, "2000" 2000, "" 5000, "10000" 10000, "" 20000)
plot 0.00129511 * x with lines linewidth 1.6 dashtype (8,5) linecolor rgb "#A0A0A0", \
  for [i=1:|phases|] growth using (value_of("events", phases[i])):(column("seconds_per_sample") * 1e6) \
  with linespoints pointtype 7 pointsize 0.5 linewidth (i == |phases| ? 3 : 1.8) linecolor rgb colours[i]
  unset label
  unset arrow
  unset object
# ---- samples
set xlabel "samples" offset 0,0.2
set ylabel "ms per epoch" offset 0.5,0
set xrange [445.217:18841.6]
set yrange [0.147051:729.444]
set xtics ("512" 512, "" 1024, "2048" 2048, "" 4096, "8192" 8192, "" 16384)
plot 0.0148406 * x with lines linewidth 1.6 dashtype (8,5) linecolor rgb "#A0A0A0", \
  for [i=1:|phases|] growth using (value_of("samples", phases[i])):(column("seconds_per_sample") * 1e3 * column("value")) \
  with linespoints pointtype 7 pointsize 0.5 linewidth (i == |phases| ? 3 : 1.8) linecolor rgb colours[i]

unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: deb7e915e3bcd449581dbef003bf4dd3859c12bc45566067c794197298d0b8fd
