package dev.events.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;

/**
 * Parses text as members of a class, or as statements.
 */
final class JavaParser {

	private static final String MEMBERS = "class Members {";

	private static final String STATEMENTS = "class Statements { void statements() throws Exception {";

	private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

	Parsed members(String text) {
		return parse(MEMBERS, text, "\n}");
	}

	Parsed statements(String text) {
		return parse(STATEMENTS, text, "\n}}");
	}

	private Parsed parse(String prefix, String text, String suffix) {
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavacTask task = (JavacTask) this.compiler.getTask(null, null, diagnostics, List.of("-proc:none"), null,
				List.of(new Source("Parsed", prefix + text + suffix)));
		try {
			CompilationUnitTree unit = task.parse().iterator().next();
			List<Error> errors = diagnostics.getDiagnostics()
				.stream()
				.map((found) -> new Error(found.getLineNumber(), found.getMessage(null)))
				.toList();
			if (!errors.isEmpty()) {
				return new Parsed(List.of(), errors);
			}
			ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
			SourcePositions positions = Trees.instance(task).getSourcePositions();
			return new Parsed(type.getMembers()
				.stream()
				.map((member) -> new Member(kind(member), name(member),
						(int) positions.getStartPosition(unit, member) - prefix.length(),
						(int) positions.getEndPosition(unit, member) - prefix.length()))
				.toList(), errors);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Kind kind(Tree member) {
		if (member instanceof ClassTree) {
			return Kind.TYPE;
		}
		boolean plain = member instanceof VariableTree variable && variable.getModifiers().getFlags().isEmpty();
		return plain ? Kind.VARIABLE : Kind.OTHER;
	}

	private static String name(Tree member) {
		if (member instanceof ClassTree type) {
			return type.getSimpleName().toString();
		}
		return (member instanceof MethodTree method) ? method.getName().toString() : "";
	}

	/**
	 * What a member is.
	 */
	enum Kind {

		/** A class, record, interface, enum or annotation. */
		TYPE,

		/** A variable without modifiers, which may also be a statement. */
		VARIABLE,

		/** Something else. */
		OTHER

	}

	/**
	 * A member.
	 *
	 * @param kind what it is
	 * @param name its name, if it is a type or a method
	 * @param start where it begins in the text
	 * @param end where it ends
	 */
	record Member(Kind kind, String name, int start, int end) {
	}

	/**
	 * An error.
	 *
	 * @param line line of the text, from 1
	 * @param message what the compiler says
	 */
	record Error(long line, String message) {
	}

	/**
	 * What came of it.
	 *
	 * @param members the members, none when there are errors
	 * @param errors the errors
	 */
	record Parsed(List<Member> members, List<Error> errors) {

		boolean isValid() {
			return this.errors.isEmpty();
		}

	}

	/**
	 * A source file in memory.
	 */
	static final class Source extends SimpleJavaFileObject {

		private final String text;

		Source(String className, String text) {
			super(URI.create("string:///" + className + ".java"), JavaFileObject.Kind.SOURCE);
			this.text = text;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
