# Time of training against one quantity at a time, by phase (2 threads, avx512 kernels).
# Data: ../growth.csv (seen from this file's folder).
#
#   gnuplot growth.gp                   writes growth.svg beside this file, from any folder
#   gnuplot -e 'term="png"' growth.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 784    # pixels, of which 480 are a column's width, 8.5 cm
font = 20    # pixels, of which 2 are a point in print
array phases[9] = ["input", "hidden", "readout", "sort", "backward", "input_gradient", "spike_gradient", "optimizer", \
  "total"]
array colours[9] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#7F7F7F", "#000000"]

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
set output here . "growth." . term
set termoption noenhanced
set datafile separator ","
set datafile columnheaders
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale 0.5
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
growth = here . "../growth.csv"
is_of(quantity, phase) = strcol("quantity") eq quantity && strcol("phase") eq phase
value_of(quantity, phase) = is_of(quantity, phase) ? column("value") : NaN
set logscale xy
set format "%g"
unset key
set multiplot layout 2,2 \
  margins screen 0.1042,screen 0.9792,screen 0.09184,screen 0.9133 \
  spacing screen 0.1083,screen 0.1071
set label 1 "" at screen 0.5417,screen 0.02168 center
set label 2 "" at screen 0.01667,screen 0.5026 center rotate by 90
set arrow 3 from screen 0.1033,screen 0.9786 to screen 0.1346,screen 0.9786 nohead \
  linewidth 2 linecolor rgb "#0072B2"
set label 3 "input" at screen 0.1429,screen 0.9786 left
set arrow 4 from screen 0.2263,screen 0.9786 to screen 0.2575,screen 0.9786 nohead \
  linewidth 2 linecolor rgb "#D55E00"
set label 4 "hidden" at screen 0.2658,screen 0.9786 left
set arrow 5 from screen 0.3608,screen 0.9786 to screen 0.3921,screen 0.9786 nohead \
  linewidth 2 linecolor rgb "#009E73"
set label 5 "readout" at screen 0.4004,screen 0.9786 left
set arrow 6 from screen 0.5071,screen 0.9786 to screen 0.5383,screen 0.9786 nohead \
  linewidth 2 linecolor rgb "#CC79A7"
set label 6 "sort" at screen 0.5467,screen 0.9786 left
set arrow 7 from screen 0.6183,screen 0.9786 to screen 0.6496,screen 0.9786 nohead \
  linewidth 2 linecolor rgb "#E69F00"
set label 7 "backward" at screen 0.6579,screen 0.9786 left
set arrow 8 from screen 0.7763,screen 0.9786 to screen 0.8075,screen 0.9786 nohead \
  linewidth 2 linecolor rgb "#56B4E9"
set label 8 "input gradient" at screen 0.8158,screen 0.9786 left
set arrow 9 from screen 0.2208,screen 0.9429 to screen 0.2521,screen 0.9429 nohead \
  linewidth 2 linecolor rgb "#882255"
set label 9 "spike gradient" at screen 0.2604,screen 0.9429 left
set arrow 10 from screen 0.4488,screen 0.9429 to screen 0.48,screen 0.9429 nohead \
  linewidth 2 linecolor rgb "#7F7F7F"
set label 10 "optimizer" at screen 0.4883,screen 0.9429 left
set arrow 11 from screen 0.6183,screen 0.9429 to screen 0.6496,screen 0.9429 nohead \
  linewidth 2 linecolor rgb "#000000"
set label 11 "total" at screen 0.6579,screen 0.9429 left
set arrow 12 from screen 0.7413,screen 0.9429 to screen 0.7725,screen 0.9429 nohead \
  linewidth 2 dashtype (8,5) linecolor rgb "#A0A0A0"
set label 12 "slope 1" at screen 0.7808,screen 0.9429 left

# ---- hidden units
set xlabel "hidden units" offset 0,0.5
set ylabel "µs a sample" offset 0.5,0
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
set xlabel "time bins" offset 0,0.5
set ylabel "µs a sample" offset 0.5,0
set xrange [21.7391:920]
set yrange [0.238859:266.982]
set xtics ("25" 25, "" 50, "100" 100, "" 200, "400" 400, "" 800)
plot 0.111242 * x with lines linewidth 1.6 dashtype (8,5) linecolor rgb "#A0A0A0", \
  for [i=1:|phases|] growth using (value_of("steps", phases[i])):(column("seconds_per_sample") * 1e6) \
  with linespoints pointtype 7 pointsize 0.5 linewidth (i == |phases| ? 3 : 1.8) linecolor rgb colours[i]
  unset label
  unset arrow
  unset object
# ---- input events of a sample
set xlabel "input events of a sample" offset 0,0.5
set ylabel "µs a sample" offset 0.5,0
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
set xlabel "samples" offset 0,0.5
set ylabel "ms an epoch" offset 0.5,0
set xrange [445.217:18841.6]
set yrange [0.147051:729.444]
set xtics ("512" 512, "" 1024, "2048" 2048, "" 4096, "8192" 8192, "" 16384)
plot 0.0148406 * x with lines linewidth 1.6 dashtype (8,5) linecolor rgb "#A0A0A0", \
  for [i=1:|phases|] growth using (value_of("samples", phases[i])):(column("seconds_per_sample") * 1e3 * column("value")) \
  with linespoints pointtype 7 pointsize 0.5 linewidth (i == |phases| ? 3 : 1.8) linecolor rgb colours[i]

unset multiplot
