package dev.events.docs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;
import dev.events.docs.PageSource.Line;

/**
 * Compiles the Java blocks of a page against the class path of the tests. Warnings about
 * what is deprecated or unchecked count as errors: nobody should learn that here.
 */
final class JavaBlocks {

	private static final List<String> OPTIONS = List.of("--release", "17", "-proc:none", "-implicit:none",
			"-parameters", "-Xlint:deprecation,removal,unchecked", "-Xmaxerrs", "1000", "-classpath", classPath());

	private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

	List<Problem> check(Page page) {
		PageSource source = new PageSource(page);
		List<Problem> problems = new ArrayList<>(source.problems());
		problems.addAll(compile(page, source.lines()));
		return problems;
	}

	private List<Problem> compile(Page page, List<Line> lines) {
		String text = lines.stream().map(Line::text).collect(Collectors.joining("\n"));
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavacTask task = (JavacTask) this.compiler.getTask(null, null, diagnostics, OPTIONS, null,
				List.of(new JavaParser.Source(PageSource.CLASS_NAME, text)));
		try {
			task.analyze();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return diagnostics.getDiagnostics()
			.stream()
			.filter((found) -> found.getKind() != Diagnostic.Kind.NOTE)
			.map((found) -> new Problem(page.name(), pageLine(lines, found.getLineNumber()),
					found.getMessage(Locale.ENGLISH)))
			.toList();
	}

	private static long pageLine(List<Line> lines, long line) {
		return (line >= 1 && line <= lines.size()) ? lines.get((int) line - 1).pageLine() : 0;
	}

	/** Surefire may start with a jar that only names the others. */
	private static String classPath() {
		return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
			.replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
	}

}
