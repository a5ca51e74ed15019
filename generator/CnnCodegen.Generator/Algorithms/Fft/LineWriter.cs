using CnnCodegen.Generator.Algorithms.Fft.Codelets;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>Where the methods of a line find their numbers.</summary>
/// <param name="Parameters">The methods' parameters by type and name; <c>between</c> is where the values between the steps lie.</param>
/// <param name="Load">The address of an input slot.</param>
/// <param name="Store">The address of an output slot.</param>
internal sealed record LineMemory(IReadOnlyList<(string Type, string Name)> Parameters, Func<int, string> Load, Func<int, string> Store)
{
    /// <summary>Writes what is done with an output; null: it is stored.</summary>
    public Action<int, string>? Finish { get; init; }
}

/// <summary>Writes the transform of a line as methods of straight-line code, short enough for the JIT to allocate registers well.</summary>
internal sealed class LineWriter(Isa isa, SourceWriter writer)
{
    /// <summary>
    /// Instructions from which codelets get methods of their own. In a long method the JIT keeps the constants of all codelets in registers and
    /// spills their values instead: a tile of 72 x 72 points took 1.35 times as long in one method for each step.
    /// </summary>
    private const int MethodBudget = 100;

    private readonly Dialect _dialect = new(isa);

    /// <summary>Writes the method of that name, which calls others where it would be too long.</summary>
    public void Write(string name, string summary, Line line, LineMemory memory)
    {
        LineCode code = line.Code(isa.Registers());
        int vectorBytes = isa.Lanes() * 4;
        string between(int slot) => $"between + {slot * vectorBytes}";
        LineMemory first = code.Second.Count == 0 ? memory : memory with { Store = between, Finish = null };
        LineMemory second = memory with { Load = between };
        List<List<(Codelet Codelet, LineMemory Memory)>> methods = [];
        int size = MethodBudget;
        foreach ((Codelet Codelet, LineMemory Memory) step in code.First.Select(c => (c, first)).Concat(code.Second.Select(c => (c, second))))
        {
            size += step.Codelet.Instructions;
            if (size > MethodBudget)
            {
                methods.Add([]);
                size = step.Codelet.Instructions;
            }

            methods[methods.Count - 1].Add(step);
        }

        string parameters = string.Join(", ", memory.Parameters.Select(p => $"{p.Type} {p.Name}"));
        string arguments = string.Join(", ", memory.Parameters.Select(p => p.Name));
        if (methods.Count > 1)
        {
            writer.Blank().Line($"/// <summary>{summary}.</summary>");
            using (writer.Open($"private static void {name}({parameters})"))
            {
                for (int i = 1; i <= methods.Count; i++) writer.Line($"{name}{i}({arguments});");
            }
        }

        for (int i = 0; i < methods.Count; i++)
        {
            (string part, string suffix) = methods.Count == 1 ? ("", "") : ($", part {i + 1} of {methods.Count}", $"{i + 1}");
            writer.Blank().Line($"/// <summary>{summary}{part}.</summary>");
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
            using (writer.Open($"private static void {name}{suffix}({parameters})"))
            using (writer.Open("unchecked"))
            {
                foreach ((Codelet codelet, LineMemory place) in methods[i]) Write(codelet, place);
            }
        }
    }

    /// <summary>Writes one codelet as a block.</summary>
    private void Write(Codelet codelet, LineMemory memory)
    {
        writer.Line("{");
        using (writer.Indent())
        {
            Dictionary<Node, string> names = [];
            ILookup<Node, Result> stores = codelet.Results.Where(r => !r.Value.IsZero).ToLookup(r => r.Value.Node!);
            foreach (Result zero in codelet.Results.Where(r => r.Value.IsZero)) Store(zero.Slot, _dialect.Zero);
            foreach (Node node in codelet.Order)
            {
                string value = $"v{names.Count}";
                writer.Line($"{_dialect.Type} {value} = {Expression(node)};");
                names.Add(node, value);
                foreach (Result result in stores[node]) Store(result.Slot, result.Value.Negative ? "-" + value : value);
            }

            string Expression(Node node)
            {
                if (node.Operation == Operation.Load) return _dialect.Load(memory.Load(node.Slot));
                if (node.Operation == Operation.Scale) return $"{names[node.Left!]} * {Constant(node.Constant)}";
                (Node left, Node right) = (node.Left!, node.Right!);
                bool adds = node.Operation == Operation.Add;
                if (codelet.IsInlined(right)) return _dialect.MultiplyAdd(names[right.Left!], Constant(adds ? right.Constant : -right.Constant), names[left]);
                if (codelet.IsInlined(left)) return _dialect.MultiplyAdd(names[left.Left!], Constant(left.Constant), names[right]);
                return $"{names[left]} {(adds ? "+" : "-")} {names[right]}";
            }
        }

        writer.Line("}");

        void Store(int slot, string value)
        {
            if (memory.Finish is { } finish) finish(slot, value);
            else writer.Line(_dialect.Store(memory.Store(slot), value));
        }
    }

    private string Constant(float value) => _dialect.Broadcast(Literals.Float(value));
}
