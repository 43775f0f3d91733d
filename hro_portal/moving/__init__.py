"""The way out: one authority leaves for another installation, with everything that is its own, in open formats.

`exporting` writes a folder, `importing` takes it elsewhere, `removing` takes leave here; `manage.py export_authority`,
`import_authority` and `remove_authority` call them. `belongings` says which rows are an authority's, `people` whose
accounts go with them.
"""
