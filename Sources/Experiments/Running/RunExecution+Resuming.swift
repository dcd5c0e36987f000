import Training

/// Where the training of a run starts.
extension RunExecution {
  /// Resumes from the checkpoint, if there is a usable one, or else continues from a finished run with fewer epochs.
  func resume() {
    do {
      guard
        let checkpoint = try Checkpoint.read(
          folder: run.folder, identity: run.hash, network: network.specification, epochs: training.epochs)
      else { return continueFinished() }
      trainer.restore(checkpoint.trainer)
      rows = checkpoint.rows
      rows.forEach(adaptRates)
      selection = ModelSelection(training, best: checkpoint.best)
      secondsBefore = checkpoint.seconds
      continuedFrom = checkpoint.continuedFrom
      let batch = checkpoint.trainer.unfinished?.batches ?? 0
      log.write("resumed after epoch \(rows.count)" + (batch > 0 ? ", batch \(batch) of \(trainer.batchCount)" : ""))
      notify(.resumed(run, epoch: rows.count, batch: batch))
    } catch {
      let start = sources.isEmpty ? "the beginning" : "a finished run"
      log.write("checkpoint ignored, starting from \(start): \(error)")
      continueFinished()
    }
  }

  /// Starts from the state of a finished run with fewer epochs, if there is a usable one.
  private func continueFinished() {
    for source in sources {
      do {
        let (state, rows) = try source.read(
          network: network.specification, training: training, batches: trainer.batchCount)
        trainer.restore(state.trainer)
        self.rows = rows
        rows.forEach(adaptRates)
        selection = ModelSelection(training, best: state.best)
        secondsBefore = source.wallSeconds
        continuedFrom = RunReport.ContinuedRun(run: source.id, hash: source.hash, epoch: rows.count)
        log.write("continued from \(source.id) after epoch \(rows.count)")
        return notify(.continued(run, source: source.id, epoch: rows.count))
      } catch {
        log.write("not continued from \(source.id): \(error)")
        notify(.notContinued(run, source: source.id, reason: "\(error)"))
      }
    }
  }
}
