/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import reactor.util.Loggers;

/** Records the log of the library, which goes to the JDK while this records. Otherwise the tests log nothing. */
final class LogRecorder extends Handler {
    private static final Logger LIBRARY = Logger.getLogger("org.peerwire");

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Level before = LIBRARY.getLevel();

    private LogRecorder() {}

    /** Starts to record, from debug level on, and keeps the records from the console. */
    static LogRecorder start() {
        LogRecorder recorder = new LogRecorder();
        Loggers.useJdkLoggers();
        LIBRARY.addHandler(recorder);
        LIBRARY.setLevel(Level.FINE);
        LIBRARY.setUseParentHandlers(false);
        return recorder;
    }

    /** Returns the records of a level. */
    List<LogRecord> of(Level level) {
        return records.stream().filter(record -> record.getLevel() == level).toList();
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Loggers.resetLoggerFactory();
        LIBRARY.removeHandler(this);
        LIBRARY.setLevel(before);
        LIBRARY.setUseParentHandlers(true);
    }
}
