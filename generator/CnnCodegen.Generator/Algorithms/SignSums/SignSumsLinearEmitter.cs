using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.SignSums;

/// <summary>Writes a <see cref="SignSumsLinearPlan"/>: the sums of groups of features, and what every output feature selects of them.</summary>
internal sealed class SignSumsLinearEmitter(SignSumsLinearPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    public void Emit()
    {
        (int Size, int Count)[] blocks = [.. plan.Blocks.Pieces];
        NestWriter.Run(writer, "some of the output features" + (plan.Images > 1 ? " of one image" : ""), () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("band", plan.Bands.Count));
            string image(int features) => NestWriter.Term("image", plan.Images, features * sizeof(float));
            writer.Line($"Sums(operands.Input{image(plan.InFeatures)}, operands.Scratch);");
            string first = plan.Bands.Count > 1 ? plan.Bands.Start("band") : "0", end = plan.Bands.Count > 1 ? plan.Bands.Start("(band + 1)") : $"{plan.Blocks.Count}";
            using (writer.Open($"for (int block = {first}; block < {end}; block++)"))
            {
                writer.Line($"int vector = {plan.Blocks.Start("block")};");
                string distance = $" + (vector * {plan.VectorBytes})", residual = plan.Residual ? $"operands.Second{image(plan.OutFeatures)}{distance}, " : "";
                string count = plan.PartialStore ? $", {plan.OutFeatures} - (vector * {plan.Lanes})" : "";
                for (int i = 0; i < blocks.Length; i++)
                {
                    string condition = blocks.Length == 1 ? "" : i == 0 ? $"if (block < {blocks[0].Count}) " : "else ";
                    writer.Line($"{condition}Add{blocks[i].Size}(operands.Scratch, operands.Weights + {plan.SignOffset} + (vector * {plan.SignBytes}L), operands.Weights{distance}, "
                        + $"{residual}operands.Output{image(plan.OutFeatures)}{distance}{count});");
                }
            }
        });

        EmitSums();
        foreach ((int vectors, _) in blocks) EmitAdd(vectors);
        if (plan.PartialStore) new PartialAccess(_isa, writer).Emit(loads: plan.Residual);
    }

    /// <summary>A lane adds the features of which its number has the bit, and subtracts the others.</summary>
    private void EmitSums()
    {
        writer.Blank().Line("/// <summary>Sums the features of each group with every pattern of signs.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Sums(byte* x, byte* table)"))
        using (writer.Open("unchecked"))
        {
            for (int bit = 0; bit < plan.GroupSigns; bit++)
            {
                IEnumerable<string> signs = Enumerable.Range(0, plan.Lanes).Select(lane => (lane >> bit & 1) > 0 ? "1f" : "-1f");
                writer.Line($"{_isa.Type} sign{bit} = {_isa.Class}.Create({string.Join(", ", signs)});");
            }

            Words(word =>
            {
                for (int group = 0; group < plan.Groups(word); group++)
                {
                    string sum = "";
                    for (int bit = 0, sign = group * plan.GroupSigns; bit < plan.GroupSigns && sign < word; bit++, sign++)
                    {
                        string value = _isa.Broadcast(Dialect.Float("x" + PlaneUnits.Plus(sign * sizeof(float))));
                        sum = bit == 0 ? $"sign0 * {value}" : _isa.MultiplyAdd($"sign{bit}", value, sum);
                    }

                    writer.Line(_isa.Store("table" + PlaneUnits.Plus(group * plan.VectorBytes), sum));
                }
            }, $"x += {SignSumsLinearPlan.WordSigns * sizeof(float)};");
        }
    }

    private void EmitAdd(int vectors)
    {
        IEnumerable<int> all = Enumerable.Range(0, vectors);
        string parameters = (plan.Residual ? "byte* residual, " : "") + "byte* y" + (plan.PartialStore ? ", int count" : "");
        writer.Blank().Line($"/// <summary>Adds up what {vectors} {(vectors == 1 ? "vector" : "vectors")} of output features select of the sums of each group.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Add{vectors}(byte* table, byte* signs, byte* scale, {parameters})"))
        using (writer.Open("unchecked"))
        {
            foreach (int v in all) writer.Line($"{_isa.Type} a{v} = {_isa.Zero};");
            Words(word =>
            {
                foreach (int v in all) writer.Line($"{_isa.Class}<uint> s{v} = *({_isa.Class}<uint>*){(v > 0 ? $"(signs + {v * plan.VectorBytes})" : "signs")};");
                for (int group = 0; group < plan.Groups(word); group++)
                {
                    writer.Line($"{_isa.Type} t{group} = {_isa.Load("table" + PlaneUnits.Plus(group * plan.VectorBytes))};");
                    foreach (int v in all) writer.Line($"a{v} += VectorFunctions.Lookup(t{group}, s{v}{(group > 0 ? $" >> {group * plan.GroupSigns}" : "")});");
                }
            }, $"signs += {vectors * plan.VectorBytes};");

            string at(string pointer, int v) => pointer + PlaneUnits.Plus(v * plan.VectorBytes);
            string left(int v) => v == 0 ? "count" : $"count - {v * plan.Lanes}";
            foreach (int v in all)
            {
                writer.Line($"a{v} = {_isa.MultiplyAdd($"a{v}", _isa.Load(at("scale", v)), _isa.Load(at("scale", v) + PlaneUnits.Plus(plan.ScaleBytes)))};");
                if (plan.Residual) writer.Line($"a{v} += {(plan.PartialStore ? $"Load({at("residual", v)}, {left(v)})" : _isa.Load(at("residual", v)))};");
                if (plan.Activation is { } activation) writer.Line($"a{v} = {_isa.Activate(activation, $"a{v}")};");
                writer.Line(plan.PartialStore ? $"Store({at("y", v)}, a{v}, {left(v)});" : _isa.Store(at("y", v), $"a{v}"));
            }
        }
    }

    /// <summary>The loop over whole words, and the last one.</summary>
    private void Words(Action<int> word, string next)
    {
        if (plan.FullWords > 0)
        {
            using (writer.Repeat("word", plan.FullWords))
            {
                word(SignSumsLinearPlan.WordSigns);
                writer.Line($"table += {plan.Groups(SignSumsLinearPlan.WordSigns) * plan.VectorBytes};").Line(next);
            }
        }

        if (plan.LastSigns == 0) return;
        writer.Line("{");
        using (writer.Indent()) word(plan.LastSigns);
        writer.Line("}");
    }
}
