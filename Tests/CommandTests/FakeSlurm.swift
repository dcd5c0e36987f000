import Foundation

/// Slurm's programs as scripts that do and record what a test needs. `sbatch` runs the tasks of an array one after the
/// other, as bash would, unless told not to.
final class FakeSlurm {
  let folder: Folder

  init() throws {
    folder = try Folder()
    for (name, text) in Self.programs {
      let path = try folder.write("#!/bin/bash\nhere='\(folder.path)'\n\(text)", "bin/\(name)")
      chmod(path, 0o755)
    }
  }

  /// - Parameter running: whether submitted jobs run.
  func environment(running: Bool = true, _ more: [String: String] = [:]) -> [String: String] {
    [
      "PATH": "\(folder.path)/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
      "FAKE_SLURM_RUNS": running ? "yes" : "", "SNNEXP_SBATCH": "", "XDG_CONFIG_HOME": folder.path + "/config",
    ].merging(more) { $1 }
  }

  /// What a program was called with, a line per call.
  func calls(_ program: String) -> [String] {
    let text = (try? String(contentsOfFile: "\(folder.path)/\(program).calls", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// What `squeue` prints for the whole queue.
  func setQueue(_ lines: [String]) throws { try folder.write(lines.map { $0 + "\n" }.joined(), "queue") }

  private static let programs = [
    "sbatch": #"""
    echo "$*" >> "$here/sbatch.calls"
    env | sed -n 's/^\(SBATCH_[A-Z_0-9]*\)=.*/\1/p' | sort | tr '\n' ' ' > "$here/sbatch.variables"
    sleep "${FAKE_SBATCH_SECONDS-0}"
    [ -z "$FAKE_SBATCH_SAYS" ] || { echo "$FAKE_SBATCH_SAYS"; exit "${FAKE_SBATCH_STATUS-0}"; }
    [ -z "$FAKE_SBATCH_FAILS" ] || { printf 'sbatch: error: \033[31mno such partition\n' >&2; exit 1; }
    [ -z "$FAKE_COLLECT_FAILS" ] || case $* in *afterany*) echo "sbatch: error: no more jobs" >&2; exit 1;; esac
    for script; do :; done
    script=$(realpath "$script")
    job=$(($(cat "$here/job" 2>/dev/null || echo 100) + 1))
    echo $job > "$here/job"
    echo "sbatch: a site says hello" >&2
    echo $job
    [ -n "$FAKE_SLURM_RUNS" ] || exit 0
    # What Slurm reads from the script.
    value() { sed -n "s/^#SBATCH --$1=//p" "$script" | tail -n1 | sed 's/^"\(.*\)"$/\1/'; }
    cd "$(value chdir)" || exit 1
    list=$(value array)
    list=${list%\%*}
    export SLURM_ARRAY_JOB_ID=$job SLURM_JOB_ID=$job
    if [ -z "$list" ]; then
      "$script" >> "$(value output)" 2>&1
      exit 0
    fi
    for part in ${list//,/ }; do
      for i in $(seq "${part%-*}" "${part#*-}"); do
        log=$(value output)
        SLURM_ARRAY_TASK_ID=$i "$script" >> "${log//%a/$i}" 2>&1
        echo "$i $?" >> "$here/tasks"
      done
    done
    """#,
    "srun": #"""
    echo "$*" >> "$here/srun.calls"
    while [ "${1#--}" != "$1" ]; do shift; done
    exec "$@"
    """#,
    "squeue": #"""
    echo "$*" >> "$here/squeue.calls"
    ! env | grep -q ^SQUEUE_ || echo "filtered" >> "$here/squeue.calls"
    [ -z "$FAKE_SQUEUE_FAILS" ] || { echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; }
    case $* in
      *--format=%T*) echo "${FAKE_STATE-RUNNING}" ;;
      *) cat "$here/queue" 2>/dev/null || { echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1; } ;;
    esac
    """#,
    "scancel": #"""
    echo "$*" >> "$here/scancel.calls"
    [ -z "$FAKE_SCANCEL_SAYS" ] || case $* in *"$FAKE_SCANCEL_SAYS"*)
      echo "scancel: error: Kill job error on job id ${*: -1}: $FAKE_SCANCEL_WHY" >&2; exit 1 ;; esac
    case $* in *--signal=TERM*) pkill -TERM -P "$(cat "$here/step")" ;; esac
    """#,
    "scontrol": #"""
    echo "$*" >> "$here/scontrol.calls"
    """#,
  ]
}
