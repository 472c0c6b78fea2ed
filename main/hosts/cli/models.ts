/** `assay models …`: what is in the model folder, what it is worth, and how it is calibrated. */
import { Command } from 'commander'
import type { Shutdown } from '../shutdown.ts'
import { calibrateCommand } from './models-calibrate.ts'
import { evaluateCommand } from './models-evaluate.ts'
import { manageCommands } from './models-manage.ts'

export function modelsCommand(shutdown: Shutdown): Command {
  const command = new Command('models').description('detection models: list, add, check, evaluate, calibrate')
  manageCommands(command)
  command.addCommand(evaluateCommand(shutdown))
  command.addCommand(calibrateCommand(shutdown))
  return command
}
