# Neuron parameters, biases and delays of the hidden layers before and after training, both in the same bins;
# one value for all is an upright line. Run recurrent_max_200ms_trained-seed_0-2c7ee99110f0.
# Data: data/parameters_bins.csv, generated from data/parameters.csv (relative to this file's folder).
#
#   gnuplot parameters.gp                   writes parameters.svg beside this file, from any folder
#   gnuplot -e 'term="png"' parameters.gp   the same as .png; "pdf" as .pdf

# ---- Settings
if (!exists("term")) term = "svg"
width = 960
height = 350    # pixels, of which 480 are a column's width, 8.5 cm
font = 24    # pixels, of which 2 are a point in print
array panel[1] = ["recurrent_delay (ms)"]
array low[1] = [-10]
array high[1] = [210]
array x_step[1] = [100]
array top[1] = [16.96]
array y_step[1] = [10]
# One value for all units; NaN for a histogram.
array initial_line[1] = [NaN]
array trained_line[1] = [NaN]
array lower_bound[1] = [0]
array upper_bound[1] = [200]
array is_trained[1] = [1]
array has_bins[1] = [1]

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
set output here . "parameters." . ending
set termoption noenhanced
set datafile separator ","
# gnuplot 5.2 knows columns by their names only so.
if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
set border 3 linewidth 0.8 linecolor "#404040"
set tics nomirror out scale tic_scale
set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

# ---- Figure
bins = here . "data/parameters_bins.csv"
edge(i) = column("panel") == i ? column("edge") : NaN
fill(i) = is_trained[i] ? "#0072B2" : "#9A9A9A"
is_there(x) = x == x
shows_initial(i) = is_trained[i] && !is_there(initial_line[i])
set grid noxtics

unset key
set multiplot layout 1,1 \
  margins screen 0.115,screen 0.975,screen 0.2674,screen 0.7531 \
  spacing screen 0.09,screen 0.3223
set label 1 "value of the parameter" at screen 0.545,screen 0.05829 center
set label 2 "number of delays" at screen 0.02,screen 0.5103 center rotate by 90
set arrow 3 from screen 0.3296,screen 0.9424 to screen 0.3671,screen 0.9424 nohead \
  linewidth 2 linecolor rgb "#000000"
set label 3 "initial" at screen 0.3771,screen 0.9424 left
set object 4 rectangle from screen 0.4675,screen 0.9184 \
  to screen 0.505,screen 0.9664 fillcolor rgb "#0072B2" \
  fillstyle solid 1 noborder
set label 4 "trained" at screen 0.515,screen 0.9424 left
set arrow 5 from screen 0.626,screen 0.9424 to screen 0.6635,screen 0.9424 nohead \
  linewidth 2.02 dashtype (4,4) linecolor rgb "#606060"
set label 5 "bounds" at screen 0.6735,screen 0.9424 left

do for [i = 1:1] {
  set title panel[i] offset 0,-0.7
  set xrange [low[i]:high[i]]
  set xtics x_step[i] format "%g"
  set yrange [0:top[i]]
  if (has_bins[i]) { set ytics nomirror out scale tic_scale y_step[i] format "%g" } else { unset ytics }
  if (is_there(lower_bound[i])) { set arrow 1001 from lower_bound[i], graph 0 to lower_bound[i], graph 1 nohead front linewidth 1.4 dashtype (4,4) linecolor rgb "#606060" }
  if (is_there(upper_bound[i])) { set arrow 1002 from upper_bound[i], graph 0 to upper_bound[i], graph 1 nohead front linewidth 1.4 dashtype (4,4) linecolor rgb "#606060" }
  if (is_there(trained_line[i])) { set arrow 1003 from trained_line[i], graph 0 to trained_line[i], graph 1 nohead front linewidth 2.4 linecolor rgb fill(i) }
  if (is_there(initial_line[i]) && is_trained[i]) { set arrow 1004 from initial_line[i], graph 0 to initial_line[i], graph 1 nohead front linewidth 1.6 dashtype (10,5) linecolor rgb "#000000" }
  if (has_bins[i]) {
    plot bins using (edge(i)):(column("trained")) with fillsteps fillstyle solid 1 noborder linecolor rgb fill(i), \
      bins using (shows_initial(i) ? edge(i) : NaN):(column("initial")) with steps linewidth 1.8 linecolor rgb "#000000", \
      NaN
  } else {
    plot NaN
  }
  unset label
  unset arrow
  unset object
}
unset multiplot
# As snnexp wrote it. A script that was edited is kept. SHA-256 of the lines above: 2a4f6f9993c976c8a9f6a45d5b0eface4e689b469dc68c1bf9f2c75eff8dc442
