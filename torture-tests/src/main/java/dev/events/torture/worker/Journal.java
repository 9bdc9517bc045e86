package dev.events.torture.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this JVM did, one line each. A line is in the hands of the operating system when
 * {@link #write} returns, so it survives kill -9; only the last one may be cut off.
 * Thread-safe.
 */
final class Journal {

	// not a FileChannel, which an interrupt of a handler would close for all
	private final FileOutputStream file;

	Journal(Path path) {
		try {
			this.file = new FileOutputStream(path.toFile(), true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Writes one line of values, none of which contains blanks. */
	void write(Object... values) {
		write(line(values));
	}

	/** Makes a line of values, none of which contains blanks. */
	static String line(Object... values) {
		return Stream.of(values).map(Object::toString).collect(Collectors.joining(" ", "", "\n"));
	}

	/** Writes lines as they are, with one system call. */
	void write(String lines) {
		try {
			this.file.write(lines.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
