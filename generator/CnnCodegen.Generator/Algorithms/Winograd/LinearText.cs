using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes a <see cref="LinearProgram"/> on vectors.</summary>
/// <param name="isa">Vectors of floats.</param>
/// <param name="writer">Receives the text.</param>
/// <param name="integers">The vectors where they are of integers that wrap; null for floats.</param>
internal sealed class LinearText(Dialect isa, SourceWriter writer, IntegerVector? integers = null)
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
            LinearOperation.Multiply => integers?.Multiply(step.Factor, Term(step.A)) ?? $"{Constant(step.Factor)} * {Term(step.A)}",
            LinearOperation.Add => $"{Term(step.A)} + {Term(step.B)}",
            LinearOperation.Subtract => $"{Term(step.A)} - {Term(step.B)}",
            _ => integers is null ? isa.MultiplyAdd(Constant(step.Factor), Operand(step.A), Operand(step.B))
                : step.Factor.Numerator.Sign > 0 ? $"{Term(step.B)} + ({integers.Multiply(step.Factor, Term(step.A))})"
                : $"{Term(step.B)} - ({integers.Multiply(-step.Factor, Term(step.A))})",
        };

        string Operand(int value) => names[value] ??= uses[value] + rows[value].Count() > 1 && input(value) is var text && text.Contains(' ')
            ? Local(value, "d" + value, text) : input(value);

        // A sum as an operand of a sum. A call and a load stand as they are.
        string Term(int value)
        {
            string text = Operand(value);
            return value >= program.Inputs && text.Contains(' ') && (integers is not null || program.Steps[value - program.Inputs].Operation != LinearOperation.MultiplyAdd) ? $"({text})" : text;
        }

        string Local(int value, string name, string text)
        {
            writer.Line($"{integers?.Type ?? isa.Type} {name} = {text};");
            return names[value] = name;
        }
    }

    private string Constant(Rational factor) => isa.Broadcast(Literals.Float((float)(double)factor));
}

/// <summary>A vector of integers.</summary>
/// <param name="Bits">Its size.</param>
/// <param name="Lane">The type of its lanes.</param>
internal sealed record IntegerVector(int Bits, string Lane)
{
    public string Type => $"Vector{Bits}<{Lane}>";

    /// <summary>The text of a product with a factor that is not 1.</summary>
    public string Multiply(Rational factor, string value) =>
        factor == -1 ? $"-{value}"
        : factor.IsPowerOfTwo && factor.Denominator.IsOne && factor.Numerator.Sign > 0 ? $"{value} << {Literals.Int(Exponent(factor.Wrapped))}"
        : $"Vector{Bits}.Create(({Lane}){(factor.Wrapped < 0 ? $"({Literals.Int(factor.Wrapped)})" : Literals.Int(factor.Wrapped))}) * {value}";

    private static int Exponent(int power) => power == 1 ? 0 : 1 + Exponent(power >> 1);
}
