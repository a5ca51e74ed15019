using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes a <see cref="LinearProgram"/> on vectors.</summary>
/// <param name="isa">Vectors of floats.</param>
/// <param name="writer">Receives the text.</param>
/// <param name="integers">The type of vectors of integers, for a program of sums and differences alone; null for floats.</param>
internal sealed class LinearText(Dialect isa, SourceWriter writer, string? integers = null)
{
    /// <summary>Braces for a program that needs locals; null, which needs no disposal, for one that does not.</summary>
    public IDisposable? Scope(LinearProgram program) => program.Shares ? writer.Repeat("", 1) : null;

    /// <summary>Writes the steps in order. What is used more than once gets a local, d for an input and t for a step.</summary>
    /// <param name="program">The instructions.</param>
    /// <param name="input">The expression of an input, a name or a load.</param>
    /// <param name="output">Takes the row and its value, which it may repeat only if it is a name.</param>
    public void Write(LinearProgram program, Func<int, string> input, Action<int, string> output)
    {
        int count = program.Inputs + program.Steps.Count;
        int[] uses = new int[count];
        foreach (LinearStep step in program.Steps)
        {
            uses[step.A]++;
            if (step.Operation != LinearOperation.Multiply) uses[step.B]++;
        }

        string?[] names = new string?[count];
        ILookup<int, int> rows = Enumerable.Range(0, program.Outputs.Count).ToLookup(row => program.Outputs[row]);
        for (int value = 0; value < program.Inputs; value++)
            foreach (int row in rows[value]) output(row, Operand(value));
        for (int i = 0; i < program.Steps.Count; i++)
        {
            int value = program.Inputs + i;
            string text = Expression(program.Steps[i]);
            if (uses[value] + rows[value].Count() > 1) text = Local(value, "t" + i, text);
            names[value] = text;
            foreach (int row in rows[value]) output(row, text);
        }

        string Expression(LinearStep step) => step.Operation switch
        {
            LinearOperation.Multiply => $"{Constant(step.Factor)} * {Term(step.A)}",
            LinearOperation.Add => $"{Term(step.A)} + {Term(step.B)}",
            LinearOperation.Subtract => $"{Term(step.A)} - {Term(step.B)}",
            _ => isa.MultiplyAdd(Constant(step.Factor), Operand(step.A), Operand(step.B)),
        };

        string Operand(int value) => names[value] ??= uses[value] + rows[value].Count() > 1 && input(value) is var text && text.Contains(' ')
            ? Local(value, "d" + value, text) : input(value);

        // A sum as an operand of a sum. A call and a load stand as they are.
        string Term(int value)
        {
            string text = Operand(value);
            return value >= program.Inputs && text.Contains(' ') && program.Steps[value - program.Inputs].Operation != LinearOperation.MultiplyAdd ? $"({text})" : text;
        }

        string Local(int value, string name, string text)
        {
            writer.Line($"{integers ?? isa.Type} {name} = {text};");
            return names[value] = name;
        }
    }

    private string Constant(Rational factor) => isa.Broadcast(Literals.Float((float)(double)factor));
}
