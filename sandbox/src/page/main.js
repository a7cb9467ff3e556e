/** Starts the page. Each module has one subject. */

import { startConfiguration } from './configuration.js';
import { byId } from './dom.js';
import { startFaults } from './faults.js';
import { startJournal } from './journal.js';
import { startLanguage } from './language.js';
import { startNavigation } from './navigation.js';
import { startRecords } from './records.js';
import { startServer } from './server.js';
import { startSnippets } from './snippets.js';
import { startTheme } from './theme.js';

byId('address').textContent = location.host;
startLanguage();
startTheme();

const faults = startFaults();
const records = startRecords();
const server = startServer();
const connect = startSnippets();
const configuration = startConfiguration();

startJournal((entries) => {
  faults.onRequests(entries);
  records.onRequests(entries);
  server.onRequests(entries);
});
startNavigation({
  faults: faults.open,
  records: records.open,
  server: server.open,
  connect: connect.open,
  configuration: configuration.open,
});
