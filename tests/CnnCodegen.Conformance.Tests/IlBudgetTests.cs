using CnnCodegen.Conformance.Tests.Cases;
using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Compilation;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnCodegen.Conformance.Tests;

/// <summary>Every method stays within what the JIT optimises; each batch of the other tests is checked too.</summary>
public class IlBudgetTests
{
    [Fact]
    public void Kernels_of_full_size_layers_stay_within_the_limits()
    {
        Case source = Case.Real("FullSize", b =>
        {
            int x = b.Add("pool0", new Pool(PoolKind.Max, Window.Square(2, 3, 2, 1)), b.Relu("r0", b.Conv("c0", b.Input(1, 3, 224, 224), 64, kernel: 7, pad: 3, stride: 2)));
            foreach (int width in new[] { 64, 128, 256, 512 })
            {
                int reduced = b.Relu($"a{width}", b.Conv($"reduce{width}", x, width, kernel: 1, pad: 0, stride: width > 64 ? 2 : 1));
                int inner = b.Relu($"b{width}", b.Conv($"inner{width}", reduced, width));
                int depth = b.Add($"six{width}", new Activation(ActivationKind.HardSwish), b.Conv($"depth{width}", inner, width, kernel: 5, pad: 2, groups: width));
                x = b.Relu($"d{width}", b.Sum($"sum{width}", b.Conv($"expand{width}", depth, width, kernel: 1, pad: 0), reduced));
            }

            int flat = b.Add("flat", new Flatten(), x);
            return [b.Add("softmax", new Softmax(), b.Add("fc2", new Linear(1000), b.Relu("rf", b.Add("fc1", new Linear(4096), flat))))];
        });

        // Compiling a batch checks it.
        Variant[] variants = [.. Variant.Of(source)];
        Batch batch = Batch.Compile("FullSize", variants);
        Assert.All(variants, variant => Assert.NotNull(batch.Program(variant)));
    }

    [Fact]
    public void Transforms_of_large_tiles_stay_within_the_limits()
    {
        Case source = Case.Real("LargeTiles", b =>
        {
            int dense = b.Conv("dense", b.Input(1, 16, 75, 81), 16, kernel: 29, pad: 14);
            return [b.Conv("depth", dense, 16, kernel: 31, pad: 15, groups: 16)];
        });
        Variant[] variants = [.. Variant.Of(source).Where(v => v.Algorithms.Contains("fft"))];
        Assert.NotNull(Batch.Compile("LargeTiles", variants).Program(variants[0]));
    }

    [Fact]
    public void Linear_layers_of_several_rows_stay_within_the_limits()
    {
        Case source = Case.Real("Rows", b => [b.Add("fc", new Linear(1000), b.Input(2, 4096))]);
        Variant[] variants = [.. Variant.Whole(source)];
        Assert.NotNull(Batch.Compile("Rows", variants).Program(variants[0]));
    }

    [Fact]
    public void Program_of_many_layers_stays_within_the_limits()
    {
        const int Layers = 400;
        Case source = Case.Real("Deep", b =>
        {
            int x = b.Input(1, 4, 1, 1);
            for (int i = 0; i < Layers; i++) x = b.Conv($"c{i}", x, 4, kernel: 1, pad: 0);
            return [x];
        });
        Variant[] variants = [.. Variant.Whole(source).Take(1)];
        Assert.True(Batch.Compile("Deep", variants).Program(variants[0]).Info.Layers.Count >= Layers);
    }

    [Theory]
    [InlineData(2_600, true)]
    [InlineData(2_700, false)]
    public void Method_with_too_many_references_to_variables_is_found(int additions, bool within)
    {
        string body = string.Concat(Enumerable.Repeat("a += b; ", additions));
        byte[] image = Image($"static class Program {{ static int Run(int a, int b) {{ {body}return a; }} }}");

        Assert.Equal(within, !IlBudget.Violations(image).Any());
        (_, IlSize size) = IlBudget.Methods(image).Single(m => m.Method.EndsWith(".Run", StringComparison.Ordinal));
        Assert.Equal((3 * additions) + 1, size.References);
    }

    [Fact]
    public void Size_of_a_method_is_what_its_code_says()
    {
        byte[] image = Image("static class Program { static long Run(long n) { long sum = 0; for (long i = 0; i < n; i++) switch (i) { case 1: sum += 300; break; case 2: sum = 5_000_000_000; break; } return sum; } }");
        (_, IlSize size) = IlBudget.Methods(image).Single();

        Assert.Empty(IlBudget.Violations(image));
        Assert.InRange(size.Locals, 2, 4);
        Assert.InRange(size.Blocks, 5, 12);
        Assert.InRange(size.Instructions, 15, size.Bytes);
    }

    private static byte[] Image(string source)
    {
        using MemoryStream image = new();
        Assert.True(NetworkCompiler.CreateCompilation("Methods", [CSharpSyntaxTree.ParseText(source)]).Emit(image).Success);
        return image.ToArray();
    }
}
