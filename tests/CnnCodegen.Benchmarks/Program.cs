using System.CommandLine;
using System.Runtime.Intrinsics.X86;
using CnnCodegen.Benchmarks;
using CnnCodegen.Generator.Planning;

Isa best = Avx512F.IsSupported ? Isa.Avx512 : Avx2.IsSupported ? Isa.Avx2 : Isa.Portable;
Option<Isa> isa = new("--isa") { Description = "Instruction set.", DefaultValueFactory = _ => best };
Option<int> rounds = new("--rounds") { Description = "Measurements of each layer.", DefaultValueFactory = _ => 40 };
Option<FileInfo?> shapes = new("--shapes") { Description = "File with lines of: name ci h w co k s p groups." };

Command layers = new("layers", "Times the kernels of single convolutions against the multiply-add peak of the core.") { isa, rounds, shapes };
layers.SetAction(result =>
{
    IReadOnlyList<ConvShape> list = result.GetValue(shapes) is { } file ? ConvShape.Read(file.FullName) : ConvShape.Standard;
    new LayerBenchmark(result.GetValue(isa), result.GetValue(rounds)).Run(list);
});

return new RootCommand("Benchmarks of generated kernels. Pin to one core for single-thread figures.") { layers, CompareCommand.Create(isa) }.Parse(args).Invoke();
