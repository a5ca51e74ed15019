using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using CnnCodegen.Benchmarks;
using CnnCodegen.Generator.Planning;

Option<Isa> isa = new("--isa") { Description = "Instruction set.", DefaultValueFactory = _ => Machine.BestIsa };
Option<int> rounds = new("--rounds") { Description = "Measurements of each layer.", DefaultValueFactory = _ => 40 };
Option<FileInfo?> shapes = new("--shapes") { Description = "File with lines of: name ci h w co k s p groups." };

Command layers = new("layers", "Times the kernels of single convolutions against the multiply-add peak of the core.") { isa, rounds, shapes };
layers.SetAction(result =>
{
    IReadOnlyList<ConvShape> list = result.GetValue(shapes) is { } file ? ConvShape.Read(file.FullName) : ConvShape.Standard;
    new LayerBenchmark(result.GetValue(isa), result.GetValue(rounds)).Run(list);
});

Command binary = new("binary", "Times convolutions of one and of few bits against the same in float32.") { isa, rounds, shapes };
binary.SetAction(result =>
{
    IReadOnlyList<ConvShape> list = result.GetValue(shapes) is { } file ? ConvShape.Read(file.FullName) : ConvShape.Standard;
    BinaryBenchmark benchmark = new(result.GetValue(isa), result.GetValue(rounds));
    benchmark.Run(list);
    benchmark.RunFewBits(list);
});

Command int8 = new("int8", "Times convolutions of 8 bits against the same in float32.") { isa, rounds, shapes };
int8.SetAction(result =>
{
    IReadOnlyList<ConvShape> list = result.GetValue(shapes) is { } file ? ConvShape.Read(file.FullName) : ConvShape.Standard;
    new Int8Benchmark(result.GetValue(isa), result.GetValue(rounds)).Run(list);
});

Command sparse = new("sparse", "Times convolutions and a linear layer of which 60 to 95 % of the weights are zero against the dense kernels.") { isa, rounds, shapes };
sparse.SetAction(result =>
{
    IReadOnlyList<ConvShape> list = result.GetValue(shapes) is { } file ? ConvShape.Read(file.FullName) : ConvShape.Standard;
    new SparseBenchmark(result.GetValue(isa), result.GetValue(rounds)).Run(list);
});

Argument<string[]> arguments = new("ARGUMENT") { Description = "Of BenchmarkDotNet, after --: for example --filter *Direct* --job short.", Arity = ArgumentArity.ZeroOrMore };
Command suites = new("suites", "Runs BenchmarkDotNet suites, one for each kernel family.") { arguments };
suites.SetAction(result =>
{
    // In this process: a suite compiles its kernels itself.
    IConfig config = DefaultConfig.Instance.WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(48));
    BenchmarkSwitcher.FromAssembly(typeof(LayerSuite).Assembly).Run(["--inProcess", .. result.GetValue(arguments) ?? []], config);
});

return new RootCommand("Benchmarks of generated kernels. Pin to one core for single-thread figures.") { layers, sparse, binary, int8, CompareCommand.Create(isa), LossCommand.Create(isa), suites }.Parse(args).Invoke();
