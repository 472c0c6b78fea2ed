/** Names of the messages between the preload and the program. */
export const RPC_PORT = 'assay:rpc-port'
export const CHOOSE_FILES = 'assay:choose-files'
export const CHOOSE_FOLDER = 'assay:choose-folder'
