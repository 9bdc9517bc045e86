package dev.events.benchmarks.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;

/**
 * Processor time used so far: a figure that other programs on the machine disturb less
 * than they do any rate.
 *
 * @param client of this JVM, in nanoseconds
 * @param server of the server's processes that live, in nanoseconds; 0 where there is no
 * /proc
 */
public record CpuTime(long client, long server) {

	// USER_HZ, the same on all Linux systems of today
	private static final long NANOS_PER_TICK = 10_000_000;

	public static CpuTime now(BenchmarkDatabase database) {
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		long server = ProcessHandle.of(database.process())
			.stream()
			.flatMap((process) -> Stream.concat(Stream.of(process), process.children()))
			.mapToLong((process) -> ticks(process.pid()) * NANOS_PER_TICK)
			.sum();
		return new CpuTime(system.getProcessCpuTime(), server);
	}

	private static long ticks(long process) {
		try {
			String status = Files.readString(Path.of("/proc/" + process + "/stat"));
			// the name in parentheses may hold blanks
			String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ");
			return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
		}
		catch (IOException ex) {
			return 0;
		}
	}

	/** What was used since an earlier moment. */
	public CpuTime since(CpuTime earlier) {
		return new CpuTime(this.client - earlier.client, this.server - earlier.server);
	}

}
