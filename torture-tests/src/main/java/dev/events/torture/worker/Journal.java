package dev.events.torture.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What this JVM did, one line each. A line is in the hands of the operating system when
 * {@link #write} returns, so it survives kill -9; only the last one may be cut off.
 * Thread-safe.
 */
public final class Journal {

	// not a FileChannel, which an interrupt of a handler would close for all
	private final FileOutputStream file;

	public Journal(Path path) {
		try {
			this.file = new FileOutputStream(path.toFile(), true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Writes one line of values, none of which contains blanks. */
	public void write(Object... values) {
		StringBuilder line = new StringBuilder();
		for (Object value : values) {
			line.append(line.isEmpty() ? "" : " ").append(value);
		}
		byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
		try {
			// one system call, for it is short
			this.file.write(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
