using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Loops;

/// <summary>Writes the methods that reach the last vector of a tensor whose rows are no whole vectors.</summary>
internal sealed class PartialAccess(Dialect isa, SourceWriter writer)
{
    /// <summary>The method <c>Store(y, value, count)</c> and, if asked for, <c>Load(x, count)</c>.</summary>
    public void Emit(bool loads)
    {
        writer.Blank();
        EmitStore();
        if (!loads) return;
        writer.Blank();
        EmitLoad();
    }

    private void EmitStore()
    {
        writer.Line($"/// <summary>Stores the first <paramref name=\"count\"/> of {isa.Lanes} lanes.</summary>");
        using (writer.Open($"private static void Store(byte* y, {isa.Type} value, int count)"))
        {
            using (writer.Open($"if (count >= {isa.Lanes})"))
            {
                writer.Line(isa.Store("y", "value")).Line("return;");
            }

            writer.Line("for (int lane = 0; lane < count; lane++) ((float*)y)[lane] = value.GetElement(lane);");
        }
    }

    private void EmitLoad()
    {
        writer.Line($"/// <summary>Loads the first <paramref name=\"count\"/> of {isa.Lanes} lanes; the others are 0.</summary>");
        using (writer.Open($"private static {isa.Type} Load(byte* x, int count)"))
        {
            writer.Line($"if (count >= {isa.Lanes}) return {isa.Load("x")};");
            writer.Line($"{isa.Type} value = {isa.Zero};");
            writer.Line("for (int lane = 0; lane < count; lane++) value = value.WithElement(lane, ((float*)x)[lane]);");
            writer.Line("return value;");
        }
    }
}
