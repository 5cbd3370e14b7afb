/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.internal.store.FileLayout.Part;

/** The files of a torrent as one range of bytes. Safe for use by several threads that may block. */
final class FileBytes {
    /** The length of one access. A thread keeps a direct buffer of the length of its longest one. */
    private static final int ACCESS_LENGTH = 256 * 1024;

    private final FileLayout layout;
    private final OpenFiles open;
    private final BeforeWrite beforeWrite;

    /** A preparation of a file for a write, called before each write to it. */
    interface BeforeWrite {
        void prepare(StoredFile file) throws IOException;
    }

    FileBytes(FileLayout layout, BeforeWrite beforeWrite) {
        this.layout = layout;
        this.open = new OpenFiles(layout.all().size());
        this.beforeWrite = beforeWrite;
    }

    /** Reads a range of bytes, which may span several files. */
    byte[] read(long at, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            read(at, bytes);
        } catch (PartFailure e) {
            throw Failures.reading(e.part.file().path(), e.failure);
        }
        return bytes.array();
    }

    /**
     * Writes a range of bytes, which may span several files. Padding is skipped.
     *
     * @throws StoreException if a file cannot be written; other files may be
     */
    void write(long at, ByteBuffer bytes) {
        int limit = bytes.limit();
        for (Part part : layout.parts(at, bytes.remaining())) {
            bytes.limit(bytes.position() + part.length());
            StoredFile file = part.file();
            if (file.padding()) {
                bytes.position(bytes.limit());
            } else {
                try {
                    beforeWrite.prepare(file);
                    open.write(file, channel -> writeFully(channel, bytes, part));
                } catch (IOException e) {
                    throw Failures.writing(file.path(), e, part.length());
                }
            }
            bytes.limit(limit);
        }
    }

    /** Returns true if the files have all bytes of a piece, and its hash matches. */
    boolean isRight(int piece, Torrent torrent) {
        MessageDigest sha1 = sha1();
        int left = layout.shape().pieceLength(piece);
        ByteBuffer buffer = ByteBuffer.allocate(Math.min(left, ACCESS_LENGTH));
        for (long at = layout.position(piece, 0); left > 0; at += buffer.limit()) {
            buffer.clear().limit(Math.min(left, buffer.capacity()));
            try {
                read(at, buffer);
            } catch (PartFailure e) {
                if (e.failure instanceof EOFException || e.failure instanceof NoSuchFileException) {
                    return false;
                }
                throw Failures.reading(e.part.file().path(), e.failure);
            }
            left -= buffer.limit();
            sha1.update(buffer.flip());
        }
        return MessageDigest.isEqual(sha1.digest(), torrent.pieceHash(piece));
    }

    /** Closes the files. Nobody may use them at the same time or later. */
    void close() throws IOException {
        open.close();
    }

    /** A failure to read a part. */
    private static final class PartFailure extends Exception {
        private static final long serialVersionUID = 1L;

        final transient Part part;
        final IOException failure;

        PartFailure(Part part, IOException failure) {
            super(null, failure, false, false);
            this.part = part;
            this.failure = failure;
        }
    }

    /** Fills {@code into} with the bytes at {@code at}. Padding is zeros. */
    private void read(long at, ByteBuffer into) throws PartFailure {
        int limit = into.limit();
        for (Part part : layout.parts(at, into.remaining())) {
            into.limit(into.position() + part.length());
            if (part.file().padding()) {
                into.put(new byte[part.length()]);
            } else {
                try {
                    open.read(part.file(), channel -> readFully(channel, into, part));
                } catch (IOException e) {
                    throw new PartFailure(part, e);
                }
            }
            into.limit(limit);
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer into, Part part) throws IOException {
        int end = into.limit();
        for (long at = part.from(); into.position() < end; ) {
            into.limit(Math.min(end, into.position() + ACCESS_LENGTH));
            int count = channel.read(into, at);
            if (count < 0) {
                throw new EOFException("the file must have " + part.file().length() + " bytes, was " + channel.size());
            }
            at += count;
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, Part part) throws IOException {
        int end = bytes.limit();
        for (long at = part.from(); bytes.position() < end; ) {
            bytes.limit(Math.min(end, bytes.position() + ACCESS_LENGTH));
            at += channel.write(bytes, at);
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
